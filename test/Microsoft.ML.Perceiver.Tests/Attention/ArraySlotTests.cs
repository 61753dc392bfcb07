using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.ArrayClassification;

namespace Microsoft.ML.Perceiver.Tests.Attention;

/// <summary>The weights of a table's attention map have the names of its columns.</summary>
[TestClass]
public sealed class ArraySlotTests
{
    private const string Column = "Attention";

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow("A B", "A,B")]
    [DataRow("A", "A")]
    [DataRow("A Six B", "A,Six.0,Six.1,Six.2,Six.3,Six.4,Six.5,B")]
    [DataRow("Joined", "A,B")]
    [DataRow("Joined A", "Joined.A,Joined.B,A")]
    [DataRow("Six", null)]
    [DataRow("Any", null)]
    public void Numbers_have_the_names_of_their_columns_and_slots(string columns, string? names)
    {
        var rows = ArrayData.Rows(_context, 5);
        var data = _context.Transforms.Concatenate("Joined", "A", "B").Fit(rows).Transform(rows);
        EstimatorCheck.Run(
            _context,
            _context.BinaryClassification.Trainers.PerceiverArray(Options(columns)),
            data,
            [_context.Data.LoadFromEnumerable([new { Truth = true }])],
            "Score", Column);
        using var model = _context.BinaryClassification.Trainers.PerceiverArray(Options(columns)).Fit(data);
        var schema = model.GetOutputSchema(data.Schema);
        Assert.AreEqual(names is not null, schema[Column].HasSlotNames());
        if (names is null)
            return;
        VBuffer<ReadOnlyMemory<char>> slots = default;
        schema[Column].GetSlotNames(ref slots);
        Assert.AreEqual(names, string.Join(',', slots.DenseValues()));
        Assert.HasCount(names.Split(',').Length, model.Transform(data).GetColumn<float[]>(Column).First());
    }

    [TestMethod]
    public void Patches_and_elements_of_several_numbers_have_none()
    {
        var options = Options("Joined");
        options.Patch = [2];
        AssertNone(options);
        options = Options("Joined");
        options.Channels = 2;
        AssertNone(options);

        void AssertNone(PerceiverArrayClassificationOptions settings)
        {
            var rows = ArrayData.Rows(_context, 5);
            var data = _context.Transforms.Concatenate("Joined", "A", "B").Fit(rows).Transform(rows);
            using var model = _context.BinaryClassification.Trainers.PerceiverArray(settings).Fit(data);
            Assert.IsFalse(model.GetOutputSchema(data.Schema)[Column].HasSlotNames());
        }
    }

    private static PerceiverArrayClassificationOptions Options(string columns) => new()
    {
        FeatureColumnNames = columns.Split(' '),
        LabelColumnName = "Truth",
        Checkpoint = ArrayData.Checkpoint,
        Training = new() { Epochs = 1, BatchSize = 4 },
        AttentionColumnName = Column,
    };
}
