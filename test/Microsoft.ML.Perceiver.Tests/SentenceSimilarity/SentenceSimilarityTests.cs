using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.SentenceSimilarity;

[TestClass]
public sealed class SentenceSimilarityTests
{
    private static readonly PerceiverCheckpoint Checkpoint =
        PerceiverCheckpoint.FromConfig(TinyModels.Config with { InitializerRange = 0.3 }, 3);

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Trained() => EstimatorCheck.Run(
        _context,
        _context.Regression.Trainers.PerceiverSentenceSimilarity(checkpoint: Checkpoint, training: new() { Epochs = 2, BatchSize = 2 }),
        Rows(6),
        [
            _context.Data.LoadFromEnumerable([new { Sentence1 = "a", Label = 1f }]),
            _context.Data.LoadFromEnumerable([new { Sentence1 = "a", Sentence2 = 1f, Label = 1f }]),
            _context.Data.LoadFromEnumerable([new { Sentence1 = "a", Sentence2 = "b" }]),
            _context.Data.LoadFromEnumerable([new { Sentence1 = "a", Sentence2 = "b", Label = 1.0 }]),
        ],
        "Score");

    [TestMethod]
    public void The_names_of_the_columns_and_the_precision_are_the_users() => EstimatorCheck.Run(
        _context,
        _context.Regression.Trainers.PerceiverSentenceSimilarity(new PerceiverSentenceSimilarityOptions
        {
            Checkpoint = Checkpoint,
            Training = new() { Epochs = 1, BatchSize = 4 },
            TextColumnName = "Sentence2",
            SecondTextColumnName = "Sentence1",
            ScoreColumnName = "Likeness",
            Precision = PerceiverPrecision.BFloat16,
            BatchSize = 2,
        }),
        Rows(6),
        [_context.Data.LoadFromEnumerable([new { Other = "a" }])],
        "Likeness");

    [TestMethod]
    public void A_score_is_the_cosine_in_the_labels_unit()
    {
        using var transformer = _context.Regression.Trainers.PerceiverSentenceSimilarity(
            checkpoint: Checkpoint, training: new() { Epochs = 1, ValidationFraction = 0 }).Fit(Rows(8));
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var rows = _context.Data.LoadFromEnumerable(
            [new Row { Sentence1 = "a text", Sentence2 = "another" }, new Row { Sentence1 = "same", Sentence2 = "same" }]);
        float[] scores = [.. transformer.Transform(rows).GetColumn<float>("Score")];
        float cosine = Vector("a text").dot(Vector("another")).item<float>();
        // The labels of the rows are from 1 to 5.
        Assert.AreEqual(1 + 4 * cosine, scores[0], 1e-4);
        Assert.AreEqual(5, scores[1], 1e-4);

        Tensor Vector(string text)
        {
            int[] ids = PerceiverTokenizer.Default.EncodeForModel(text, null, 40, out _);
            return transformer.Model.forward(tensor(Array.ConvertAll(ids, id => (long)id), 1, ids.Length)).Embeddings[0];
        }
    }

    [TestMethod]
    public void It_learns_and_ML_NETs_evaluator_reads_its_columns()
    {
        var rows = Rows(160);
        var training = new PerceiverTrainingOptions { Epochs = 12, BatchSize = 8, LearningRate = 5e-3 };
        var trainer = _context.Regression.Trainers.PerceiverSentenceSimilarity(checkpoint: Checkpoint, training: training);
        using var transformer = trainer.Fit(rows);
        var metrics = _context.Regression.Evaluate(transformer.Transform(Rows(60, seed: 9)));
        Assert.IsGreaterThan(0.6, metrics.RSquared);
    }

    [TestMethod]
    public void Labels_that_cannot_be_learnt_are_named()
    {
        StringAssert.StartsWith(Error(1, float.NaN), "Row 1: the label in the column 'Label' is NaN");
        StringAssert.Contains(Error(2, 2, 2), "is 2 in all training rows");
        StringAssert.Contains(Error(), "no rows");

        string Error(params float[] labels)
        {
            var rows = _context.Data.LoadFromEnumerable(labels.Select(l => new Row { Sentence1 = "a", Sentence2 = "b", Label = l }));
            var trainer = _context.Regression.Trainers.PerceiverSentenceSimilarity(checkpoint: Checkpoint);
            return Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(rows)).Message;
        }
    }

    [TestMethod]
    public void A_text_that_is_empty_or_long_is_scored_or_refused_with_its_column()
    {
        var rows = _context.Data.LoadFromEnumerable([new Row { Sentence1 = new string('x', 99), Sentence2 = "" }]);
        using var scoring = Trainer(new()).Fit(Rows(4));
        Assert.IsTrue(float.IsFinite(scoring.Transform(rows).GetColumn<float>("Score").Single()));
        using var noLong = Trainer(new() { LongText = PerceiverLongTextHandling.Refuse }).Fit(Rows(4));
        StringAssert.Contains(Error(noLong), "'Sentence1' has more than the 40 tokens");
        using var noEmpty = Trainer(new() { EmptyText = PerceiverEmptyTextHandling.Refuse }).Fit(Rows(4));
        StringAssert.Contains(Error(noEmpty), "'Sentence2' is empty");

        string Error(ITransformer transformer) => Assert.ThrowsExactly<InvalidOperationException>(
            () => transformer.Transform(rows).GetColumn<float>("Score").Single()).Message;

        PerceiverSentenceSimilarityEstimator Trainer(PerceiverSentenceSimilarityOptions options)
        {
            options.Checkpoint = Checkpoint;
            options.Training = new() { Epochs = 1 };
            return _context.Regression.Trainers.PerceiverSentenceSimilarity(options);
        }
    }

    [TestMethod]
    [DataRow(5f, 5f)]
    [DataRow(5f, 1f)]
    [DataRow(float.NaN, 1f)]
    public void A_file_with_a_range_that_is_none_is_refused(float least, float greatest) => Assert.ThrowsExactly<FormatException>(
        () => new SentenceSimilarityFound(20, least, greatest).Check(TinyModels.Config));

    private IDataView Rows(int count, int seed = 3)
    {
        var random = new Random(seed);
        string[] words = ["sea", "red house", "é 7", "runs"];
        return _context.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i =>
        {
            int first = random.Next(4), second = i % 2 == 0 ? first : (first + 1) % 4;
            return new Row
            {
                Sentence1 = $"{words[first]} {random.Next(10)}",
                Sentence2 = $"{words[second]} {random.Next(10)}",
                Label = first == second ? 5 : 1,
            };
        }).ToArray());
    }

    private sealed class Row
    {
        public string Sentence1 { get; set; } = "";

        public string Sentence2 { get; set; } = "";

        public float Label { get; set; }
    }
}
