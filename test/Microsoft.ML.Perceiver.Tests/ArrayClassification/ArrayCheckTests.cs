namespace Microsoft.ML.Perceiver.Tests.ArrayClassification;

/// <summary>Every trainer of arrays, over every form of them, through the one common check.</summary>
[TestClass]
public sealed class ArrayCheckTests
{
    private static readonly PerceiverTrainingOptions Training = new() { Epochs = 2, BatchSize = 4 };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow("Any", 1, "")]
    [DataRow("Any", 2, "3")]
    [DataRow("Six", 3, "")]
    [DataRow("Grid", 1, "2 3")]
    [DataRow("Film", 3, "")]
    [DataRow("Six A B", 1, "")]
    [DataRow("A", 1, "")]
    public void Classes(string columns, int channels, string patch)
    {
        var options = Options(columns);
        options.LabelColumnName = "Key";
        options.Channels = channels;
        options.Patch = patch.Length == 0 ? null : [.. patch.Split(' ').Select(int.Parse)];
        options.TopK = 2;
        EstimatorCheck.Run(
            _context,
            _context.MulticlassClassification.Trainers.PerceiverArray(options),
            ArrayData.Keyed(_context, 9),
            [.. Wrong(), ArrayData.Rows(_context, 3)],
            "Score", "PredictedLabel", "TopLabels", "TopScores");
    }

    [TestMethod]
    [DataRow("Any")]
    [DataRow("Six")]
    public void Two_classes(string columns)
    {
        var options = Options(columns);
        options.LabelColumnName = "Truth";
        EstimatorCheck.Run(
            _context,
            _context.BinaryClassification.Trainers.PerceiverArray(options),
            ArrayData.Keyed(_context, 9),
            Wrong(),
            "Score", "Probability", "PredictedLabel");
        options.LabelColumnName = "Key";
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _context.BinaryClassification.Trainers.PerceiverArray(options).Fit(ArrayData.Keyed(_context, 9)));
    }

    [TestMethod]
    [DataRow("Any")]
    [DataRow("A B")]
    public void Numbers(string columns)
    {
        var options = Options(columns);
        options.LabelColumnName = "Number";
        EstimatorCheck.Run(
            _context, _context.Regression.Trainers.PerceiverArray(options), ArrayData.Rows(_context, 9), Wrong(), "Score");
    }

    [TestMethod]
    public void A_checkpoint()
    {
        using var folder = new TemporaryFolder();
        var options = Options("Any");
        options.LabelColumnName = "Key";
        using (var trained = _context.MulticlassClassification.Trainers.PerceiverArray(options).Fit(ArrayData.Keyed(_context, 9)))
            trained.SavePretrained(folder.Path);
        EstimatorCheck.Run(
            _context,
            _context.Transforms.PerceiverArrayClassification(PerceiverCheckpoint.FromDirectory(folder.Path), "Any"),
            ArrayData.Rows(_context, 5),
            Wrong(),
            "Score", "PredictedLabel");
    }

    private static PerceiverArrayClassificationOptions Options(string columns) => new()
    {
        FeatureColumnNames = columns.Split(' '),
        Checkpoint = ArrayData.Checkpoint,
        Training = Training,
        BatchSize = 3,
    };

    private IDataView[] Wrong() =>
    [
        _context.Data.LoadFromEnumerable([new { Other = 1f, Truth = true, Number = 1f }]),
        _context.Data.LoadFromEnumerable(
            [new { Any = "a", Six = "a", Grid = "a", Film = "a", A = "a", B = "a", Truth = true, Number = 1f }]),
    ];
}
