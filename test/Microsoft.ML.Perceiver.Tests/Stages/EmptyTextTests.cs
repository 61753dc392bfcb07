using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.TestHost;
using Microsoft.ML.Perceiver.Tests.Modules;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Stages;

/// <summary>Empty and missing texts, texts that are cut, and how the user learns of the row and of the number.</summary>
[TestClass]
public sealed class EmptyTextTests
{
    private static readonly PerceiverConfig Config = (TinyModels.Config with { InitializerRange = 0.3 }).WithLabels(["a", "b"]);

    private readonly MLContext _context = new(seed: 1);
    private readonly List<string> _warnings = [];

    public EmptyTextTests() => _context.Log += (_, e) =>
    {
        if (e.Kind == ChannelMessageKind.Warning)
        {
            lock (_warnings)
                _warnings.Add(e.Message);
        }
    };

    [TestMethod]
    [DataRow("")]
    [DataRow(null)]
    public void An_empty_text_is_scored_as_the_special_tokens_alone(string? text)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var transformer = Classification(new()).Fit(Data("a"));
        float[] scores = transformer.Transform(Data("a", text)).GetColumn<float[]>("Score").Last();
        using var ids = tensor(new long[] { PerceiverTokenizer.ClsTokenId, PerceiverTokenizer.SepTokenId }, 1, 2);
        TinyModels.AssertSame(transformer.Model.forward(ids).Logits.softmax(-1).data<float>().ToArray(), scores);
        Assert.IsEmpty(_warnings);
    }

    [TestMethod]
    [DataRow("", "title")]
    [DataRow("title", "")]
    [DataRow(null, null)]
    public void A_pair_may_lack_either_text(string? first, string? second)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var transformer = Classification(new() { SecondTextColumnName = "Second" }).Fit(Data("a"));
        var rows = _context.Data.LoadFromEnumerable([new Row { Text = first, Second = second }]);
        int[] ids = PerceiverTokenizer.Default.EncodeForModel(first, second ?? "", 40, out _);
        Assert.AreEqual(3, ids.Count(id => id is PerceiverTokenizer.ClsTokenId or PerceiverTokenizer.SepTokenId));
        using var tokens = tensor(Array.ConvertAll(ids, id => (long)id), 1, ids.Length);
        TinyModels.AssertSame(
            transformer.Model.forward(tokens).Logits.softmax(-1).data<float>().ToArray(),
            transformer.Transform(rows).GetColumn<float[]>("Score").Single());
    }

    [TestMethod]
    public void Features_of_an_empty_text_are_numbers()
    {
        using var transformer = _context.Transforms.PerceiverFeatures(PerceiverCheckpoint.FromConfig(Config, 3)).Fit(Data("a"));
        float[][] features = [.. transformer.Transform(Data("", "a", null)).GetColumn<float[]>("Features")];
        TinyModels.AssertSame(features[0], features[2]);
        Assert.IsTrue(features.SelectMany(f => f).All(float.IsFinite));
    }

    [TestMethod]
    public void A_text_without_words_has_no_labels()
    {
        using var transformer = _context.Transforms.PerceiverTokenClassification(PerceiverCheckpoint.FromConfig(Config, 3)).Fit(Data("a"));
        var scored = transformer.Transform(Data("", "a b", " ", null));
        string[] lines = [.. RowDump.Lines(scored, "PredictedLabel", "Score", "Spans", "SpanLabels")];
        Assert.AreEqual(lines[0], lines[2]);
        Assert.AreEqual(lines[0], lines[3]);
        Assert.AreEqual("", lines[0].Trim());
        uint[][] keys = [.. transformer.Transform(Data("", "a b")).GetColumn<uint[]>("PredictedLabel")];
        Assert.IsEmpty(keys[0]);
        Assert.HasCount(2, keys[1]);
    }

    [TestMethod]
    public void Fill_mask_keeps_its_own_rule()
    {
        using var transformer = _context.Transforms.PerceiverFillMask(PerceiverCheckpoint.FromConfig(Config, 3)).Fit(Data("[MASK]"));
        var scored = transformer.Transform(Data("[MASK]", ""));
        StringAssert.StartsWith(
            Assert.ThrowsExactly<InvalidOperationException>(() => RowDump.Lines(scored, "FilledText").ToArray()).Message,
            "Row 1: the text in the column 'Text' has no [MASK]");
    }

    [TestMethod]
    public void An_empty_text_is_refused_where_that_is_asked_for()
    {
        var checkpoint = PerceiverCheckpoint.FromConfig(Config, 3);
        const PerceiverEmptyTextHandling refuse = PerceiverEmptyTextHandling.Refuse;
        Refused("is empty or null", Classification(new() { EmptyText = refuse }), "Score", "a", null);
        Refused(
            "is empty or null",
            _context.Transforms.PerceiverFeatures(new PerceiverFeaturesOptions { Checkpoint = checkpoint, EmptyText = refuse }),
            "Features",
            "a",
            "");
        Refused(
            "is empty or null",
            _context.Transforms.PerceiverFillMask(new PerceiverFillMaskOptions { Checkpoint = checkpoint, EmptyText = refuse }),
            "FilledText",
            "[MASK]",
            "");
        Refused(
            "has no words",
            _context.Transforms.PerceiverTokenClassification(
                new PerceiverTokenClassificationOptions { Checkpoint = checkpoint, EmptyText = refuse }),
            "Score",
            "a",
            " ");
        var pairs = Classification(new() { SecondTextColumnName = "Second", EmptyText = refuse });
        Refused("is empty or null", pairs, "Score", "a", "no second");
    }

    [TestMethod]
    public void A_missing_word_is_refused_where_that_is_asked_for()
    {
        var rows = _context.Data.LoadFromEnumerable([new { Text = new[] { "a", "b" } }, new { Text = new[] { "a", "" } }]);
        var options = new PerceiverTokenClassificationOptions { Checkpoint = PerceiverCheckpoint.FromConfig(Config, 3) };
        using (var scoring = _context.Transforms.PerceiverTokenClassification(options).Fit(rows))
            Assert.HasCount(2, scoring.Transform(rows).GetColumn<float[]>("Score").Last());
        options.EmptyText = PerceiverEmptyTextHandling.Refuse;
        using var refusing = _context.Transforms.PerceiverTokenClassification(options).Fit(rows);
        StringAssert.StartsWith(
            Assert.ThrowsExactly<InvalidOperationException>(() => refusing.Transform(rows).GetColumn<float[]>("Score").ToArray()).Message,
            "Row 1: the text in the column 'Text' has no letter in its word 1");
    }

    [TestMethod]
    public void Training_goes_on_with_empty_texts()
    {
        PerceiverTrainingOptions training = new() { Epochs = 1, BatchSize = 2, ValidationFraction = 0 };
        var keys = _context.Transforms.Conversion.MapValueToKey("Key", "Label");
        var data = keys.Fit(Data("a", "", null, "b")).Transform(Data("a", "", null, "b"));
        using var classes = _context.MulticlassClassification.Trainers.PerceiverText(
            "Key", checkpoint: PerceiverCheckpoint.FromConfig(Config), training: training).Fit(data);
        Assert.IsEmpty(_warnings);

        using var filler = _context.Transforms.PerceiverFillMask(
            new PerceiverFillMaskOptions { Checkpoint = PerceiverCheckpoint.FromConfig(Config), Training = training }).Fit(data);
        StringAssert.Contains(_warnings.Single(), "2 of 4 texts are empty and are left out");

        var words = _context.Data.LoadFromEnumerable([new WordRow(), new WordRow { Text = ["a", "b"], Tags = ["x", "y"] }, new WordRow()]);
        var tagged = _context.Transforms.Conversion.MapValueToKey("Key", "Tags").Fit(words).Transform(words);
        using var tagger = _context.MulticlassClassification.Trainers.PerceiverTokens(
            "Key", checkpoint: PerceiverCheckpoint.FromConfig(Config), training: training).Fit(tagged);
        StringAssert.Contains(_warnings[^2], "2 of 3 texts have no words and are left out");
        StringAssert.Contains(_warnings[^1], "a single training row");
    }

    [TestMethod]
    public void The_row_is_learnt_behind_other_stages_too()
    {
        var model = Classification(new() { EmptyText = PerceiverEmptyTextHandling.Refuse })
            .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(Data("a"));
        var error = Assert.Throws<Exception>(
            () => model.Transform(Data("a", "b", "", "c")).GetColumn<string>("PredictedLabel").ToArray());
        StringAssert.StartsWith(error.GetBaseException().Message, "Row 2: the text in the column 'Text' is empty or null");
        StringAssert.Contains(_warnings.Single(), "Row 2: the text in the column 'Text' is empty or null");
    }

    [TestMethod]
    public void An_engine_counts_no_rows()
    {
        using var transformer = Classification(new() { EmptyText = PerceiverEmptyTextHandling.Refuse }).Fit(Data("a"));
        using var engine = _context.Model.CreatePredictionEngine<Row, Prediction>(transformer);
        engine.Predict(new Row { Text = "a" });
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => engine.Predict(new Row { Text = "" }));
        StringAssert.StartsWith(error.Message, "The text in the column 'Text' is empty or null");

        var chain = _context.Transforms.CopyColumns("Copy", "Text")
            .Append(Classification(new() { EmptyText = PerceiverEmptyTextHandling.Refuse })).Fit(Data("a"));
        using var chained = _context.Model.CreatePredictionEngine<Row, Prediction>(chain);
        chained.Predict(new Row { Text = "a" });
        error = Assert.ThrowsExactly<InvalidOperationException>(() => chained.Predict(new Row { Text = "" }));
        StringAssert.StartsWith(error.Message, "The text in the column 'Text' is empty or null");
        chain.LastTransformer.Dispose();
    }

    [TestMethod]
    public void The_log_says_once_how_many_texts_were_cut()
    {
        string text = new('x', 50), words = string.Join(' ', Enumerable.Repeat("word", 12));
        using var transformer = Classification(new() { BatchSize = 1 }).Fit(Data("a"));
        string[] rows = [.. Enumerable.Range(0, 30).Select(i => i % 3 == 0 ? text : "short")];
        Assert.HasCount(30, RowDump.Lines(transformer.Transform(Data(rows)), "Score").ToArray());
        StringAssert.Contains(_warnings.Single(), "10 of 30 texts were longer than 40 tokens");

        using var tagger = _context.Transforms.PerceiverTokenClassification(PerceiverCheckpoint.FromConfig(Config, 3)).Fit(Data("a"));
        Assert.HasCount(3, RowDump.Lines(tagger.Transform(Data(words, text, "a")), "Score").ToArray());
        StringAssert.Contains(_warnings.Last(), "2 of 3 texts were longer than 40 tokens");
        Assert.HasCount(2, _warnings);

        var keys = _context.Transforms.Conversion.MapValueToKey("Key", "Label");
        var data = keys.Fit(Data("a", text, "b")).Transform(Data("a", text, "b"));
        using var trained = _context.MulticlassClassification.Trainers.PerceiverText(
            "Key", checkpoint: PerceiverCheckpoint.FromConfig(Config), training: new() { Epochs = 1, BatchSize = 2 }).Fit(data);
        StringAssert.Contains(_warnings.Last(), "1 of 3 texts were longer than 40 tokens");
        Assert.HasCount(3, _warnings);
    }

    [TestMethod]
    public void A_first_word_that_is_cut_is_a_long_text()
    {
        using var strict = _context.Transforms.PerceiverTokenClassification(new PerceiverTokenClassificationOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Config, 3),
            LongText = PerceiverLongTextHandling.Refuse,
        }).Fit(Data("a"));
        var scored = strict.Transform(Data(new string('x', 50)));
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => RowDump.Lines(scored, "Score").ToArray()).Message, "more than 40 tokens");
        Assert.HasCount(1, RowDump.Lines(strict.Transform(Data(new string('x', 38))), "Score").ToArray());
    }

    private void Refused(string message, IEstimator<ITransformer> estimator, string output, string good, string? bad)
    {
        var transformer = estimator.Fit(Data(good));
        var scored = transformer.Transform(Data(good, bad));
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => RowDump.Lines(scored, output).ToArray());
        StringAssert.StartsWith(error.Message, "Row 1: the text in the column '");
        StringAssert.Contains(error.Message, message);
        ((IDisposable)transformer).Dispose();
    }

    private PerceiverTextClassificationEstimator Classification(PerceiverTextClassificationOptions options)
    {
        options.Checkpoint = PerceiverCheckpoint.FromConfig(Config, 3);
        return _context.Transforms.PerceiverTextClassification(options);
    }

    private IDataView Data(params string?[] texts) => _context.Data.LoadFromEnumerable(
        texts.Select((text, i) => new Row { Text = text, Second = text == "no second" ? "" : "second", Label = i % 2 == 0 ? "x" : "y" }));

    private sealed class Row
    {
        public string? Text { get; set; }

        public string? Second { get; set; }

        public string Label { get; set; } = "";
    }

    private sealed class WordRow
    {
        public string[] Text { get; set; } = [];

        public string[] Tags { get; set; } = [];
    }

    private sealed class Prediction
    {
        public float[] Score { get; set; } = [];
    }
}
