using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.TestHost;

namespace Microsoft.ML.Perceiver.Tests.Stages.Labels;

/// <summary>Labels of the types that data usually has: what each trainer learns, and what it says where a conversion is missing.</summary>
[TestClass]
public sealed class LabelTypeTests
{
    private static readonly string[] Kinds = ["Text", "Image", "Array"];
    private static readonly PerceiverTrainingOptions Training = new() { Epochs = 1, BatchSize = 4 };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow("Classes", "Key")]
    [DataRow("Truth", "Truth")]
    [DataRow("Number", "Float")]
    [DataRow("Several", "Flags")]
    [DataRow("Several", "Shares")]
    [DataRow("Several", "Named")]
    [DataRow("Any", "Key")]
    [DataRow("Any", "Truth")]
    [DataRow("Any", "Float")]
    [DataRow("Any", "Flags")]
    public void A_label_of_the_trainers_type_is_learnt(string catalog, string label)
    {
        var data = LabelledRows.Create(_context, 8);
        foreach (string kind in Kinds)
        {
            var trainer = LabelledRows.Trainer(_context, kind, catalog, label, Training);
            var transformer = trainer.Fit(data);
            var columns = trainer.GetOutputSchema(SchemaShape.Create(data.Schema)).Select(c => c.Name);
            string[] added = [.. columns.Except(data.Schema.Select(c => c.Name))];
            string[] expected = label switch
            {
                "Truth" => ["Score", "Probability", "PredictedLabel"],
                "Float" => ["Score"],
                _ => ["Score", "PredictedLabel"],
            };
            CollectionAssert.AreEquivalent(expected, added, $"{kind} {catalog}");
            Assert.HasCount(8, RowDump.Lines(transformer.Transform(data), expected).ToArray());
            ((IDisposable)transformer).Dispose();
        }
    }

    [TestMethod]
    [DataRow("Classes", "Word", "a key (classes)", "MapValueToKey(\"Word\")")]
    [DataRow("Classes", "Int", "a key (classes)", "MapValueToKey(\"Int\")")]
    [DataRow("Classes", "Truth", "a key (classes)", "MapValueToKey(\"Truth\")")]
    [DataRow("Classes", "Float", "a key (classes)", "MapValueToKey(\"Float\")")]
    [DataRow("Truth", "Long", "Boolean", "ConvertType(\"Long\", outputKind: DataKind.Boolean)")]
    [DataRow("Truth", "Double", "Boolean", "ConvertType(\"Double\", outputKind: DataKind.Boolean)")]
    [DataRow("Truth", "Key", "Boolean", "")]
    [DataRow("Number", "Int", "a Single (regression)", "ConvertType(\"Int\", outputKind: DataKind.Single)")]
    [DataRow("Number", "Long", "a Single (regression)", "ConvertType(\"Long\", outputKind: DataKind.Single)")]
    [DataRow("Number", "Double", "a Single (regression)", "ConvertType(\"Double\", outputKind: DataKind.Single)")]
    [DataRow("Number", "Digits", "a Single (regression)", "ConvertType(\"Digits\", outputKind: DataKind.Single)")]
    [DataRow("Number", "Truth", "a Single (regression)", "ConvertType(\"Truth\", outputKind: DataKind.Single)")]
    [DataRow("Number", "Key", "a Single (regression)", "")]
    [DataRow("Several", "Counts", "of known size (several labels)", "ConvertType(\"Counts\", outputKind: DataKind.Single)")]
    [DataRow("Several", "Keys", "of known size (several labels)", "MapKeyToVector(\"Keys\", outputCountVector: true)")]
    [DataRow("Several", "Some", "of known size (several labels)", "")]
    [DataRow("Several", "Truth", "of known size (several labels)", "")]
    [DataRow("Any", "Int", "a key (classes), a Boolean (two classes), a Single", "ConvertType(\"Int\", outputKind: DataKind.Single)")]
    [DataRow("Any", "Int", "a key (classes), a Boolean (two classes), a Single", "MapValueToKey(\"Int\")")]
    [DataRow("Any", "Word", "a key (classes), a Boolean (two classes), a Single", "MapValueToKey(\"Word\")")]
    public void A_label_of_another_type_is_refused_with_the_conversion_that_it_needs(
        string catalog, string label, string needed, string conversion)
    {
        var data = LabelledRows.Create(_context, 8);
        foreach (string kind in Kinds)
        {
            var trainer = LabelledRows.Trainer(_context, kind, catalog, label, Training);
            foreach (Action action in (Action[])[() => trainer.Fit(data), () => trainer.GetOutputSchema(SchemaShape.Create(data.Schema))])
            {
                var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(action, $"{kind} {catalog}");
                Assert.Contains($"The column '{label}' has the type ", error.Message);
                Assert.Contains(needed, error.Message);
                Assert.AreEqual(conversion.Length > 0, error.Message.Contains("mlContext.Transforms.Conversion."), error.Message);
                Assert.Contains(conversion, error.Message);
            }
        }
    }

    [TestMethod]
    [DataRow("Int", DataKind.Single)]
    [DataRow("Long", DataKind.Single)]
    [DataRow("Double", DataKind.Single)]
    [DataRow("Digits", DataKind.Single)]
    [DataRow("Truth", DataKind.Single)]
    [DataRow("Counts", DataKind.Single)]
    [DataRow("Double", DataKind.Boolean)]
    [DataRow("Long", DataKind.Boolean)]
    public void The_conversion_that_an_error_names_is_one_of_ML_NET(string label, DataKind kind)
    {
        var data = LabelledRows.Create(_context, 8);
        string catalog = label == "Counts" ? "Several" : kind == DataKind.Single ? "Number" : "Truth";
        using var model = (IDisposable)_context.Transforms.Conversion.ConvertType("Label", label, kind)
            .Append(LabelledRows.Trainer(_context, "Array", catalog, "Label", Training))
            .Fit(data);
        Assert.IsNotNull(model);
    }

    [TestMethod]
    public void Other_columns_of_numbers_name_their_conversion_too()
    {
        var data = _context.Data.LoadFromEnumerable([new { Text = "a", Second = "b", Label = 1.5, Six = new double[6], Truth = true }]);
        AssertAdvice(
            _context.Regression.Trainers.PerceiverSentenceSimilarity("Label", "Text", "Second"),
            "ConvertType(\"Label\", outputKind: DataKind.Single)");
        AssertAdvice(
            _context.BinaryClassification.Trainers.PerceiverArray("Truth", "Six"),
            "ConvertType(\"Six\", outputKind: DataKind.Single)");
        AssertAdvice(
            _context.Forecasting.PerceiverArray("Forecast", "Label", windowSize: 2, horizon: 1),
            "ConvertType(\"Label\", outputKind: DataKind.Single)");

        void AssertAdvice(IEstimator<ITransformer> estimator, string advice)
        {
            Assert.Contains(advice, Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(data)).Message);
            Assert.Contains(
                advice,
                Assert.ThrowsExactly<ArgumentOutOfRangeException>(
                    () => estimator.GetOutputSchema(SchemaShape.Create(data.Schema))).Message);
        }
    }

    [TestMethod]
    public void A_label_that_is_no_number_is_named_by_row_and_place()
    {
        Refused("Number", float.NaN, "Row 1: the label in the column 'Label' is NaN");
        Refused("Several", float.NaN, "Row 1: the label 1 in the column 'Label' is NaN; it must be a number from 0 to 1");
        Refused("Several", 2, "Row 1: the label 1 in the column 'Label' is 2; it must be a number from 0 to 1");

        void Refused(string catalog, float value, string said)
        {
            IDataView data = catalog == "Number"
                ? _context.Data.LoadFromEnumerable([new { Text = "a", Label = 1f }, new { Text = "b", Label = value }])
                : _context.Data.LoadFromEnumerable([Two("a", 0), Two("b", value)]);
            var trainer = LabelledRows.Trainer(_context, "Text", catalog, "Label", Training);
            Assert.Contains(said, Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(data)).Message);
        }

        static TwoLabels Two(string text, float second) => new() { Text = text, Label = [1, second] };
    }

    private sealed class TwoLabels
    {
        public string Text { get; set; } = "";

        [VectorType(2)]
        public float[] Label { get; set; } = [];
    }
}
