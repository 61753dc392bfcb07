using Microsoft.ML.Perceiver.TestHost;
using Microsoft.ML.Perceiver.Tests.ImageClassification;
using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Tests.Stages;

/// <summary>A stage's folder has all that another stage needs for the same predictions, with none of the first one's settings.</summary>
[TestClass]
public sealed class SavedFolderTests
{
    private static readonly PerceiverConfig Config = TinyModels.Config with { InitializerRange = 0.3 };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Text_classification_reads_no_more_of_a_text_than_the_stage_did()
    {
        var options = new PerceiverTextClassificationOptions { Checkpoint = Text(["a", "b", "c"]), MaxLength = 11 };
        Check(
            _context.Transforms.PerceiverTextClassification(options),
            c => _context.Transforms.PerceiverTextClassification(c),
            "Score");
        Check(
            _context.Transforms.PerceiverTextClassification(Text(["a", "b"])),
            c => _context.Transforms.PerceiverTextClassification(c),
            "Score");
    }

    [TestMethod]
    public void Fill_mask_refuses_what_the_stage_refused()
    {
        using var folder = new TemporaryFolder();
        var options = new PerceiverFillMaskOptions { Checkpoint = PerceiverCheckpoint.FromConfig(Config, 3), MaxLength = 10 };
        var data = _context.Data.LoadFromEnumerable([new { Text = "a [MASK] b" }, new { Text = "a [MASK] text of more than ten bytes" }]);
        using var transformer = _context.Transforms.PerceiverFillMask(options).Fit(data);
        transformer.SavePretrained(folder.Path);
        using var loaded = _context.Transforms.PerceiverFillMask(PerceiverCheckpoint.FromDirectory(folder.Path)).Fit(data);
        string expected = Assert.ThrowsExactly<InvalidOperationException>(() => Lines(transformer, data, "FilledText")).Message;
        Assert.AreEqual(expected, Assert.ThrowsExactly<InvalidOperationException>(() => Lines(loaded, data, "FilledText")).Message);
        StringAssert.Contains(expected, "10 tokens");
        var first = _context.Data.TakeRows(data, 1);
        CollectionAssert.AreEqual(Lines(transformer, first, "FilledText"), Lines(loaded, first, "FilledText"));
    }

    [TestMethod]
    public void A_given_length_goes_before_that_of_the_folder()
    {
        using var folder = new TemporaryFolder();
        var data = Data();
        using (var transformer = _context.Transforms.PerceiverTextClassification(
            new PerceiverTextClassificationOptions { Checkpoint = Text(["a", "b"]), MaxLength = 11 }).Fit(data))
        {
            transformer.SavePretrained(folder.Path);
        }

        var checkpoint = PerceiverCheckpoint.FromDirectory(folder.Path);
        using var longer = _context.Transforms.PerceiverTextClassification(
            new PerceiverTextClassificationOptions { Checkpoint = checkpoint, MaxLength = 40 }).Fit(data);
        longer.SavePretrained(folder.Path);
        Assert.AreEqual(40, PerceiverTokenizer.FromDirectory(folder.Path).Options.ModelMaxLength);
        // A folder whose tokenizer takes more than the model does, or too little to be meant.
        foreach (int length in new[] { 1000, 3 })
        {
            new PerceiverTokenizer(new() { ModelMaxLength = length }).SavePretrained(folder.Path);
            using var limited = _context.Transforms.PerceiverTextClassification(PerceiverCheckpoint.FromDirectory(folder.Path)).Fit(data);
            CollectionAssert.AreEqual(Lines(longer, data, "Score"), Lines(limited, data, "Score"));
        }
    }

    [TestMethod]
    public void Token_classification_reads_no_more_of_a_text_than_the_stage_did()
    {
        var checkpoint = PerceiverCheckpoint.FromConfig(
            (Config with { Architectures = [nameof(PerceiverForTokenClassification)] }).WithLabels(["O", "B-X", "I-X"]), 3);
        var options = new PerceiverTokenClassificationOptions { Checkpoint = checkpoint, TextColumnName = "Text", MaxLength = 11 };
        Check(
            _context.Transforms.PerceiverTokenClassification(options),
            c => _context.Transforms.PerceiverTokenClassification(c, "Text"),
            options.ScoreColumnName);
    }

    [TestMethod]
    public void Sentence_embedding_reads_no_more_of_a_text_than_the_stage_did()
    {
        var checkpoint = PerceiverCheckpoint.FromConfig(Config with { Architectures = [nameof(PerceiverForSentenceEmbedding)] }, 3);
        var options = new PerceiverSentenceEmbeddingOptions { Checkpoint = checkpoint, MaxLength = 11 };
        Check(
            _context.Transforms.PerceiverSentenceEmbedding(options),
            c => _context.Transforms.PerceiverSentenceEmbedding(c),
            options.OutputColumnName);
    }

    [TestMethod]
    public void Features_of_texts_read_no_more_than_the_stage_did()
    {
        var options = new PerceiverFeaturesOptions { Checkpoint = Text(["a", "b"]), MaxLength = 11 };
        Check(_context.Transforms.PerceiverFeatures(options), c => _context.Transforms.PerceiverFeatures(c), "Features");
    }

    [TestMethod]
    [DataRow("Learned")]
    [DataRow("Fourier")]
    [DataRow("ConvProcessing")]
    public void Images_are_processed_as_by_the_stage(string head)
    {
        var processor = new PerceiverImageProcessorOptions
        {
            Size = new(TinyImages.Side),
            CropSize = new(30),
            ImageMean = [0.1, 0.5, 0.9],
            ImageStd = [0.5],
            Resample = PerceiverResampling.Lanczos,
        };
        var options = new PerceiverImageClassificationOptions
        {
            Checkpoint = TinyImages.Checkpoint(head),
            ImageColumnName = "Pixels",
            ImageProcessor = processor,
        };
        Check(
            _context.Transforms.PerceiverImageClassification(options),
            c => _context.Transforms.PerceiverImageClassification(c, "Pixels"),
            "Score");
        Check(
            _context.Transforms.PerceiverFeatures(new PerceiverFeaturesOptions
            {
                Checkpoint = TinyImages.Checkpoint(head),
                ImageColumnName = "Pixels",
                ImageProcessor = processor,
            }),
            c => _context.Transforms.PerceiverFeatures(c, imageColumnName: "Pixels"),
            "Features");
    }

    private static PerceiverCheckpoint Text(string[] labels) => PerceiverCheckpoint.FromConfig(Config.WithLabels(labels), 3);

    private void Check<T>(IEstimator<T> stage, Func<PerceiverCheckpoint, IEstimator<T>> again, string column)
        where T : PerceiverTransformer
    {
        using TemporaryFolder folder = new(), second = new();
        var data = Data();
        using var transformer = stage.Fit(data);
        transformer.SavePretrained(folder.Path, maxShardSize: 20_000);
        Assert.IsTrue(File.Exists(folder["model.safetensors.index.json"]));
        using var loaded = again(PerceiverCheckpoint.FromDirectory(folder.Path)).Fit(data);
        string[] expected = Lines(transformer, data, column);
        Assert.HasCount(3, expected.Distinct().ToArray());
        CollectionAssert.AreEqual(expected, Lines(loaded, data, column));
        loaded.SavePretrained(second.Path, maxShardSize: 20_000);
        foreach (string path in Directory.GetFiles(folder.Path))
            CollectionAssert.AreEqual(File.ReadAllBytes(path), File.ReadAllBytes(second[Path.GetFileName(path)]), path);
    }

    private IDataView Data()
    {
        string[] texts = ["short", "a text of which a longer limit reads more", "日本語の長いテキスト"];
        return _context.Data.LoadFromEnumerable(TinyImages.Rows(3).Zip(texts, (row, text) => new Row { Text = text, Pixels = row.Pixels }));
    }

    private static string[] Lines(ITransformer transformer, IDataView data, string column) =>
        [.. RowDump.Lines(transformer.Transform(data), column)];

    private sealed class Row
    {
        public string Text { get; set; } = "";

        [Data.VectorType(3 * TinyImages.Side * TinyImages.Side)]
        public float[] Pixels { get; set; } = [];
    }
}
