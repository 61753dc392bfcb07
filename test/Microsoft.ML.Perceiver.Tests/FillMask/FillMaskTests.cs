using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.TestHost;
using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Tests.FillMask;

[TestClass]
public sealed class FillMaskTests
{
    private static readonly PerceiverConfig Config = TinyModels.Config with { InitializerRange = 0.3 };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Everything_but_the_masks_stays_as_it_was()
    {
        using var transformer = _context.Transforms.PerceiverFillMask(PerceiverCheckpoint.FromConfig(Config, 3), topK: 4)
            .Fit(Texts("[MASK]"));
        const string text = " é [MASK] . [SEP][MASK]";
        var row = transformer.Transform(Texts(text)).GetColumn<string[]>("Fillings").Single();
        Assert.HasCount(4, row.Distinct().ToArray());
        foreach (string filled in row)
        {
            StringAssert.Matches(filled, new System.Text.RegularExpressions.Regex(@"\A é [\s\S] \. \[SEP\][\s\S]\z"));
            Assert.IsFalse(filled.Contains("[MASK]", StringComparison.Ordinal));
        }

        float[] scores = transformer.Transform(Texts(text)).GetColumn<float[]>("LogProbabilities").Single();
        CollectionAssert.AreEqual(scores.OrderDescending().ToArray(), scores);
        Assert.AreEqual(row[0], transformer.Transform(Texts(text)).GetColumn<string>("FilledText").Single());
    }

    [TestMethod]
    public void Masked_training_learns_what_stands_where()
    {
        var data = Texts([.. Enumerable.Range(0, 64).Select(i => i % 2 == 0 ? "hello world" : "jolly night")]);
        using var transformer = _context.Transforms.PerceiverFillMask(new PerceiverFillMaskOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Config),
            Training = new() { Epochs = 60, BatchSize = 8, LearningRate = 5e-3 },
            Masking = new PerceiverMaskedLanguageOptions { MaskProbability = 0.3 },
        }).Fit(data);
        var last = transformer.TrainingResult!.Epochs[^1].ValidationMetrics!;
        Assert.IsGreaterThan(0.8, last["MaskedAccuracy"]);
        Assert.AreEqual(Math.Exp(last["LogLoss"]), last["Perplexity"], 1e-6);
        Assert.IsLessThan(transformer.TrainingResult.Epochs[0].ValidationMetrics!["Perplexity"], last["Perplexity"]);
        string[] filled = transformer.Transform(Texts("h[MASK]llo wor[MASK]d", "[MASK]olly nigh[MASK]")).GetColumn<string>("FilledText")
            .ToArray();
        CollectionAssert.AreEqual(new[] { "hello world", "jolly night" }, filled);
    }

    [TestMethod]
    public void A_training_text_that_teaches_nothing_or_is_too_long_fails_with_its_row()
    {
        var options = new PerceiverFillMaskOptions { Checkpoint = PerceiverCheckpoint.FromConfig(Config), Training = new() { Epochs = 1 } };
        string Error(params string[] texts) => Assert.ThrowsExactly<InvalidOperationException>(
            () => _context.Transforms.PerceiverFillMask(options).Fit(Texts(texts))).Message;
        StringAssert.Contains(Error("hello", "[MASK][MASK]"), "Row 1: the text in the column 'Text' has special tokens alone");
        StringAssert.Contains(
            Error("hello", "world", new string('x', 39)), "Row 2: the text in the column 'Text' has more than the 40 tokens");
        options.LongText = PerceiverLongTextHandling.Truncate;
        using var cut = _context.Transforms.PerceiverFillMask(options).Fit(Texts("hello", new string('x', 39)));
        Assert.AreEqual(PerceiverTrainingStopReason.Completed, cut.TrainingResult!.StopReason);
        options.LongText = PerceiverLongTextHandling.Refuse;
        options.ValidationSet = Texts("[MASK]");
        StringAssert.Contains(Error("hello"), "Row 0: the text in the column 'Text' has special tokens alone");
    }

    [TestMethod]
    public void Settings_for_training_alone_are_refused_without_it()
    {
        var checkpoint = PerceiverCheckpoint.FromConfig(Config);
        void Refused(string what, PerceiverFillMaskOptions options) =>
            Assert.AreEqual(what, Assert.ThrowsExactly<ArgumentException>(() => _context.Transforms.PerceiverFillMask(options)).ParamName);
        Refused("ValidationSet", new() { Checkpoint = checkpoint, ValidationSet = Texts("hello") });
        Refused("TrainingFiles", new() { Checkpoint = checkpoint, TrainingFiles = ["a.txt"] });
        Refused("Masking", new() { Checkpoint = checkpoint, Masking = new() { WholeWords = true } });
        Assert.AreEqual("ValidationSet", Assert.ThrowsExactly<ArgumentException>(() => _context.Transforms.PerceiverTextClassification(
            new PerceiverTextClassificationOptions { Checkpoint = checkpoint, ValidationSet = Texts("hello") })).ParamName);
    }

    [TestMethod]
    public void Files_are_trained_on_beside_the_rows_or_without_any()
    {
        using var folder = new TemporaryFolder();
        string file = folder["text.txt"];
        File.WriteAllText(file, string.Concat(Enumerable.Repeat("no on ", 170)));
        var options = new PerceiverFillMaskOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Config, 1, PerceiverInitialization.LocalText),
            Training = new() { Epochs = 40, BatchSize = 4, LearningRate = 5e-3 },
            TrainingFiles = [file],
            MaxLength = 34,
        };
        using var transformer = _context.Transforms.PerceiverFillMask(options).Fit(Texts());
        // 1,020 bytes are 32 windows of 32, so 8 steps an epoch.
        Assert.AreEqual(40 * 8, transformer.TrainingResult!.Evaluations[^1].Step);
        Assert.IsEmpty(transformer.TrainingResult.Evaluations[^1].ValidationMetrics!);
        Assert.AreEqual(
            "no on no on no on no",
            transformer.Transform(Texts("no on n[MASK] on no o[MASK] no")).GetColumn<string>("FilledText").Single());
    }

    [TestMethod]
    public void The_bundled_language_model_fills_english()
    {
        var checkpoint = PerceiverCheckpoint.Bundled(Models.BundledModels.MiniLanguage);
        using var transformer = _context.Transforms.PerceiverFillMask(checkpoint, topK: 5).Fit(Texts("[MASK]"));
        string[] texts =
        [
            "She looked at h[MASK]m with great surprise, and said nothing.",
            "It was the middle of the n[MASK]ght when they arrived at t[MASK]e house.",
        ];
        string[] whole =
        [
            "She looked at him with great surprise, and said nothing.",
            "It was the middle of the night when they arrived at the house.",
        ];
        string[] filled = transformer.Transform(Texts(texts)).GetColumn<string>("FilledText").ToArray();
        CollectionAssert.AreEqual(
            whole, filled);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => PerceiverCheckpoint.Bundled("perceiver-huge")).Message,
            Models.BundledModels.MiniLanguage);
    }

    [TestMethod]
    public void A_text_as_long_as_the_model_reads_is_filled_and_a_longer_one_refused()
    {
        using var transformer = _context.Transforms.PerceiverFillMask(PerceiverCheckpoint.FromConfig(Config)).Fit(Texts("[MASK]"));
        Assert.HasCount(
            38, transformer.Transform(Texts(new string('x', 37) + "[MASK]")).GetColumn<string>("FilledText").Single().ToCharArray());
        StringAssert.Contains(
            Failure(transformer, "[MASK]", new string('x', 38) + "[MASK]"),
            "Row 1: the text in the column 'Text' has more than the 40 tokens");

        using var cutting = _context.Transforms.PerceiverFillMask(new PerceiverFillMaskOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Config),
            LongText = PerceiverLongTextHandling.Truncate,
        }).Fit(Texts("[MASK]"));
        StringAssert.Contains(Failure(cutting, new string('x', 38) + "[MASK]"), "among the 40 tokens");
    }

    [TestMethod]
    public void A_text_without_a_mask_fails_with_its_row()
    {
        using var transformer = _context.Transforms.PerceiverFillMask(PerceiverCheckpoint.FromConfig(Config)).Fit(Texts("[MASK]"));
        StringAssert.Contains(Failure(transformer, "[MASK]", "no mask"), "Row 1: the text in the column 'Text' has no [MASK]");
        StringAssert.Contains(Failure(transformer, ""), "has no [MASK]");
        using var engine = _context.Model.CreatePredictionEngine<TextRow, Filled>(transformer);
        Assert.ThrowsExactly<InvalidOperationException>(() => engine.Predict(new TextRow { Text = "no mask" }));
        Assert.AreEqual(1, engine.Predict(new TextRow { Text = "[MASK]" }).FilledText.Length);
    }

    [TestMethod]
    public void Bad_options_are_refused_by_name()
    {
        void Refused(string name, Action<PerceiverFillMaskOptions> change)
        {
            var options = new PerceiverFillMaskOptions { Checkpoint = PerceiverCheckpoint.FromConfig(Config) };
            change(options);
            Assert.AreEqual(name, Assert.Throws<ArgumentException>(() => _context.Transforms.PerceiverFillMask(options)).ParamName);
        }

        Refused("TopK", o => o.TopK = 0);
        Refused("TopK", o => o.TopK = 101);
        Refused("BeamWidth", o => o.BeamWidth = 0);
        Refused("MaskProbability", o => o.Masking = new PerceiverMaskedLanguageOptions { MaskProbability = 1 });
        Refused("OutputColumnName", o => o.OutputColumnName = "");
        Refused("Checkpoint", o => o.Checkpoint = null);
    }

    [TestMethod]
    public void A_classifiers_checkpoint_is_refused_by_its_class()
    {
        using var folder = new TemporaryFolder();
        using (var classifier = new PerceiverForSequenceClassification(Config))
            classifier.SavePretrained(folder.Path);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(
                () => _context.Transforms.PerceiverFillMask(PerceiverCheckpoint.FromDirectory(folder.Path))).Message,
            "is of PerceiverForSequenceClassification, not of PerceiverForMaskedLM.");
        using var features = _context.Transforms.PerceiverFeatures(PerceiverCheckpoint.FromDirectory(folder.Path)).Fit(Texts("a"));
        Assert.HasCount(16, features.Transform(Texts("a")).GetColumn<float[]>("Features").Single());
    }

    private static string Failure(PerceiverFillMaskTransformer transformer, params string[] texts)
    {
        var data = new MLContext().Data.LoadFromEnumerable(texts.Select(t => new TextRow { Text = t }));
        return Assert.ThrowsExactly<InvalidOperationException>(
            () => RowDump.Lines(transformer.Transform(data), "FilledText").ToArray()).Message;
    }

    private IDataView Texts(params string[] texts) => _context.Data.LoadFromEnumerable(texts.Select(t => new TextRow { Text = t }));

    private sealed class TextRow
    {
        public string Text { get; set; } = "";
    }

    private sealed class Filled
    {
        public string FilledText { get; set; } = "";
    }
}
