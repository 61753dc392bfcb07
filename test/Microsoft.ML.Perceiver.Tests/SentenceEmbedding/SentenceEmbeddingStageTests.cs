using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.SentenceEmbedding;

[TestClass]
public sealed class SentenceEmbeddingStageTests
{
    private static readonly PerceiverConfig Config = TinyModels.Config with { EmbeddingSize = 5, InitializerRange = 0.3 };
    private static readonly PerceiverTrainingOptions Training = new() { Epochs = 2, BatchSize = 2 };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow("mean", PerceiverPrecision.Float32)]
    [DataRow("query", PerceiverPrecision.BFloat16)]
    [DataRow("mean", PerceiverPrecision.Int8)]
    public void Loaded(string pooling, PerceiverPrecision precision) => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverSentenceEmbedding(new PerceiverSentenceEmbeddingOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Config with { SentencePooling = pooling }, 3),
            OutputColumnName = "Meaning",
            Precision = precision,
            BatchSize = 2,
        }),
        Rows("a", "a longer text", "日本", "one more text", "x"),
        Without("Text"),
        "Meaning");

    [TestMethod]
    public void Trained() => EstimatorCheck.Run(
        _context,
        Distillation(new() { Checkpoint = PerceiverCheckpoint.FromConfig(Config), Training = Training }),
        Rows("a", "a longer text", "b", "one more text", "x", "y"),
        [
            .. Without("Text"),
            _context.Data.LoadFromEnumerable([new { Text = "a" }]),
            _context.Data.LoadFromEnumerable([new { Text = "a", Teacher = 1f }]),
            _context.Data.LoadFromEnumerable([new { Text = "a", Teacher = new[] { 1.0, 2.0 } }]),
        ],
        "Embedding");

    [TestMethod]
    public void A_vector_is_the_models_for_the_text_also_for_one_that_is_empty_or_too_long()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var transformer = _context.Transforms.PerceiverSentenceEmbedding(PerceiverCheckpoint.FromConfig(Config, 3)).Fit(Rows("a"));
        string?[] texts = ["", null, "some text", new string('x', 100)];
        float[][] vectors = [.. transformer.Transform(Rows(texts)).GetColumn<float[]>("Embedding")];
        Assert.AreEqual(5, transformer.EmbeddingSize);
        for (int i = 0; i < texts.Length; i++)
        {
            int[] ids = PerceiverTokenizer.Default.EncodeForModel(texts[i], null, 40, out _);
            using var tokens = tensor(Array.ConvertAll(ids, id => (long)id), 1, ids.Length);
            TinyModels.AssertSame(transformer.Model.forward(tokens).Embeddings.data<float>().ToArray(), vectors[i]);
            Assert.AreEqual(1, vectors[i].Sum(x => x * x), 1e-5);
        }
    }

    [TestMethod]
    public void A_saved_folder_gives_the_same_vectors()
    {
        using var folder = new TemporaryFolder();
        using var transformer = _context.Transforms.PerceiverSentenceEmbedding(PerceiverCheckpoint.FromConfig(Config, 3)).Fit(Rows("a"));
        transformer.SavePretrained(folder.Path);
        using var again = _context.Transforms.PerceiverSentenceEmbedding(
            PerceiverCheckpoint.FromDirectory(folder.Path), "Embedding", "Text").Fit(Rows("a"));
        CollectionAssert.AreEqual(Vectors(transformer)[0], Vectors(again)[0]);
    }

    [TestMethod]
    public void Distillation_brings_texts_near_their_vectors_and_takes_the_width_of_the_column()
    {
        using var language = new TemporaryFolder();
        using (var model = new PerceiverForMaskedLM(Config with { EmbeddingSize = null }, seed: 2))
            model.SavePretrained(language.Path);
        string[] texts = [.. Enumerable.Range(0, 60).Select(i => $"{(i % 2 == 0 ? "sea" : "red house")} {i}")];
        using var transformer = Distillation(new()
        {
            Checkpoint = PerceiverCheckpoint.FromDirectory(language.Path),
            Pooling = PerceiverSentencePooling.Query,
            Distillation = new() { SquaredErrorWeight = 0.5, Augmentation = new() { TypoRate = 0.05 } },
            Training = Training with { Epochs = 15, BatchSize = 8, LearningRate = 5e-3 },
        }).Fit(Rows(texts));
        Assert.AreEqual((3, "query"), (transformer.EmbeddingSize, transformer.Model.Config.SentencePooling));
        Assert.IsTrue(transformer.TrainingResult!.Evaluations[^1].ValidationMetrics!.ContainsKey("Cosine"));
        foreach (var (vector, i) in Vectors(transformer, texts).Select((v, i) => (v, i)))
        {
            float[] teacher = Teacher(texts[i]);
            double cosine = vector.Zip(teacher, (a, b) => a * b).Sum() / Math.Sqrt(teacher.Sum(x => x * x));
            Assert.IsGreaterThan(0.9, cosine, texts[i]);
        }
    }

    [TestMethod]
    public void Vectors_that_cannot_be_learnt_are_named_by_their_row()
    {
        var estimator = Distillation(new() { Checkpoint = PerceiverCheckpoint.FromConfig(Config), Training = Training });
        StringAssert.StartsWith(Error([1, 2], [0, 0]), "Row 1: the vector in the column 'Teacher' is zero");
        StringAssert.StartsWith(Error([1, float.NaN]), "Row 0: the vector in the column 'Teacher' has numbers that are not finite");
        var unsized = _context.Data.LoadFromEnumerable([new { Text = "a", Teacher = new float[] { 1, 2 } }]);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(unsized)).Message, "no known size");
        var other = Distillation(new()
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Config),
            Training = Training,
            ValidationSet = _context.Data.LoadFromEnumerable([new Pair { Teacher = [1, 2] }]),
        });
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => other.Fit(Rows("a", "b"))).Message, "vectors of 3 numbers");

        string Error(params float[][] vectors)
        {
            var rows = _context.Data.LoadFromEnumerable(vectors.Select(v => new Pair { Text = "a", Teacher = v }));
            return Assert.ThrowsExactly<InvalidOperationException>(() => estimator.Fit(rows)).Message;
        }
    }

    [TestMethod]
    public void Settings_of_training_are_refused_without_it()
    {
        foreach (var options in new PerceiverSentenceEmbeddingOptions[]
        {
            new() { Distillation = new() }, new() { Pooling = PerceiverSentencePooling.Query },
        })
        {
            options.Checkpoint = PerceiverCheckpoint.FromConfig(Config);
            Assert.ThrowsExactly<ArgumentException>(() => _context.Transforms.PerceiverSentenceEmbedding(options));
        }

        var nothing = new PerceiverSentenceEmbeddingOptions();
        Assert.ThrowsExactly<ArgumentException>(() => _context.Transforms.PerceiverSentenceEmbedding(nothing));
        Assert.ThrowsExactly<ArgumentException>(
            () => _context.Transforms.PerceiverSentenceEmbedding(PerceiverCheckpoint.FromConfig(Config), outputColumnName: ""));
    }

    private PerceiverSentenceEmbeddingEstimator Distillation(PerceiverSentenceEmbeddingOptions options)
    {
        options.LabelColumnName = "Teacher";
        return _context.Transforms.PerceiverSentenceEmbedding("Embedding", "Text", options);
    }

    private float[][] Vectors(PerceiverSentenceEmbeddingTransformer transformer, params string[] texts) =>
        [.. transformer.Transform(Rows(texts.Length == 0 ? ["some text"] : texts)).GetColumn<float[]>("Embedding")];

    private static float[] Teacher(string? text) => text?.StartsWith('s') == true ? [2, 0, 0] : [0, 1, -1];

    private IDataView Rows(params string?[] texts) =>
        _context.Data.LoadFromEnumerable(texts.Select(t => new Row { Text = t, Teacher = Teacher(t) }));

    private IDataView[] Without(string name) =>
    [
        _context.Data.LoadFromEnumerable([new { Other = "a" }]),
        _context.Transforms.CopyColumns(name, "Number").Fit(Numbers()).Transform(Numbers()),
    ];

    private IDataView Numbers() => _context.Data.LoadFromEnumerable([new { Number = 1f }]);

    private sealed class Row
    {
        public string? Text { get; set; } = "";

        [VectorType(3)]
        public float[] Teacher { get; set; } = [];
    }

    private sealed class Pair
    {
        public string Text { get; set; } = "";

        [VectorType(2)]
        public float[] Teacher { get; set; } = [];
    }
}
