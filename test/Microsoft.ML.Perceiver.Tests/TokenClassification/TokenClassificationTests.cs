using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Tests.TokenClassification;

[TestClass]
public sealed class TokenClassificationTests
{
    private static readonly string[] Columns = ["PredictedLabel", "Score", "Spans", "SpanLabels"];
    private static readonly PerceiverConfig Config = TinyModels.Config with { InitializerRange = 0.3 };
    private static readonly PerceiverCheckpoint Labelled = PerceiverCheckpoint.FromConfig(Config.WithLabels(["O", "B-NUM", "I-NUM"]), 3);

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Loaded_with_words() => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverTokenClassification(Labelled),
        Keyed(Rows("a 1", "two 22 é", "x")),
        [_context.Data.LoadFromEnumerable([new { Other = "a" }]), _context.Data.LoadFromEnumerable([new { Text = 1f }])],
        Columns);

    [TestMethod]
    public void Loaded_with_texts() => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverTokenClassification(new PerceiverTokenClassificationOptions
        {
            Checkpoint = Labelled,
            TextColumnName = "Whole",
            PredictedLabelColumnName = "Tags",
            ScoreColumnName = "Probabilities",
            SpansColumnName = "Places",
            SpanLabelsColumnName = "Names",
            Precision = PerceiverPrecision.Int8,
        }),
        Keyed(Rows("a 1", "two 22 é", "x")),
        [_context.Data.LoadFromEnumerable([new { Text = "a" }])],
        "Tags", "Probabilities", "Places", "Names");

    [TestMethod]
    public void Trained_by_words() => EstimatorCheck.Run(
        _context,
        _context.MulticlassClassification.Trainers.PerceiverTokens(
            "Key", checkpoint: PerceiverCheckpoint.FromConfig(Config), training: new() { Epochs = 2, BatchSize = 2 }),
        Keyed(Rows("a 1", "two 22 é", "x", "9", "b 8 8")),
        [_context.Data.LoadFromEnumerable([new { Key = 1u }])],
        Columns);

    [TestMethod]
    public void Words_and_texts_are_the_same_to_it_and_characters_are_counted_in_each()
    {
        using var byWords = _context.Transforms.PerceiverTokenClassification(Labelled).Fit(Rows("a"));
        using var byText = _context.Transforms.PerceiverTokenClassification(Labelled, "Whole").Fit(Rows("a"));
        // The text has more white space than the words have between them.
        var rows = _context.Data.LoadFromEnumerable(new[] { new Row { Text = ["one", "22", "é", "333"], Whole = "  one 22\té\n333 " } });
        float[] scores = byWords.Transform(rows).GetColumn<float[]>("Score").Single();
        TinyModels.AssertSame(scores, byText.Transform(rows).GetColumn<float[]>("Score").Single());
        uint[] keys = byWords.Transform(rows).GetColumn<uint[]>("PredictedLabel").Single();
        CollectionAssert.AreEqual(keys, byText.Transform(rows).GetColumn<uint[]>("PredictedLabel").Single());
        var expected = new TokenSpans(["O", "B-NUM", "I-NUM"]).Of([.. keys.Select(key => (int)key - 1)]);
        AssertSpans(byWords, [0, 4, 7, 9], [3, 6, 8, 12]);
        AssertSpans(byText, [2, 6, 9, 11], [5, 8, 10, 14]);

        void AssertSpans(ITransformer transformer, int[] starts, int[] ends)
        {
            var scored = transformer.Transform(rows);
            int[] places = [.. expected.SelectMany(s => new[] { starts[s.First], ends[s.First + s.Count - 1] - starts[s.First] })];
            CollectionAssert.AreEqual(places, scored.GetColumn<int[]>("Spans").Single());
            CollectionAssert.AreEqual(expected.Select(s => s.Kind).ToArray(), scored.GetColumn<string[]>("SpanLabels").Single());
        }
    }

    [TestMethod]
    public void It_learns_labels_of_words()
    {
        var random = new Random(3);
        string[] texts = [.. Enumerable.Range(0, 200).Select(_ => Text(random))];
        var training = new PerceiverTrainingOptions { Epochs = 30, BatchSize = 8, LearningRate = 3e-3 };
        var pipeline = _context.Transforms.Conversion.MapValueToKey("Key", "Labels")
            .Append(_context.MulticlassClassification.Trainers.PerceiverTokens(
                "Key", checkpoint: PerceiverCheckpoint.FromConfig(Config), training: training))
            .Append(_context.Transforms.Conversion.MapKeyToValue("Tags", "PredictedLabel"));
        using var model = pipeline.Fit(Rows(texts));
        var test = Rows([.. Enumerable.Range(0, 50).Select(_ => Text(random))]);
        string[] expected = [.. test.GetColumn<string[]>("Labels").SelectMany(tags => tags)];
        string[] actual = [.. model.Transform(test).GetColumn<string[]>("Tags").SelectMany(tags => tags)];
        double accuracy = expected.Zip(actual).Count(pair => pair.First == pair.Second) / (double)expected.Length;
        Assert.IsGreaterThan(0.9, accuracy);
    }

    [TestMethod]
    public void It_learns_spans_of_characters()
    {
        var random = new Random(3);
        var rows = Enumerable.Range(0, 200).Select(_ => SpanRow.Of(Text(random))).ToArray();
        var all = _context.Data.LoadFromEnumerable(rows);
        var data = _context.Transforms.Conversion.MapValueToKey("Label", "Kinds").Fit(all).Transform(all);
        using var model = _context.Transforms.PerceiverTokenClassification(new PerceiverTokenClassificationOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Config),
            LabelSpansColumnName = "Places",
            Training = new() { Epochs = 30, BatchSize = 8, LearningRate = 3e-3 },
        }).Fit(data);
        CollectionAssert.AreEqual(new[] { "O", "B-NUM", "I-NUM" }, model.Labels.ToArray());
        Assert.IsGreaterThan(0.8, model.TrainingResult!.Epochs[^1].ValidationMetrics!["SpanF1"]);
        var scored = model.Transform(data);
        int same = scored.GetColumn<int[]>("Spans").Zip(rows).Count(pair => pair.First.SequenceEqual(pair.Second.Places));
        Assert.IsGreaterThan(120, same);
        Assert.IsTrue(scored.GetColumn<string[]>("SpanLabels").SelectMany(l => l).All(label => label == "NUM"));
    }

    [TestMethod]
    public void Spans_without_a_label_do_not_count()
    {
        SpanRow[] rows =
        [
            new() { Text = "a 22 b", Places = [2, 2], Kinds = ["NUM"] },
            new() { Text = "c 33 d", Places = [2, 2], Kinds = ["?"] },
        ];
        var keys = _context.Transforms.Conversion.MapValueToKey("Label", "Kinds").Fit(_context.Data.LoadFromEnumerable(rows[..1]));
        using var model = _context.Transforms.PerceiverTokenClassification(new PerceiverTokenClassificationOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Config),
            LabelSpansColumnName = "Places",
            Training = new() { Epochs = 1, BatchSize = 2, ValidationFraction = 0 },
        }).Fit(keys.Transform(_context.Data.LoadFromEnumerable(rows)));
        CollectionAssert.AreEqual(new[] { "O", "B-NUM", "I-NUM" }, model.Labels.ToArray());
    }

    [TestMethod]
    public void Words_behind_the_longest_text_have_no_label()
    {
        using var model = _context.Transforms.PerceiverTokenClassification(Labelled).Fit(Rows("a"));
        var scored = model.Transform(Rows(string.Join(' ', Enumerable.Repeat("word", 12))));
        uint[] keys = scored.GetColumn<uint[]>("PredictedLabel").Single();
        float[] scores = scored.GetColumn<float[]>("Score").Single();
        // 40 tokens less [CLS] and [SEP] are seven words with a space between.
        Assert.HasCount(12, keys);
        for (int i = 0; i < 12; i++)
        {
            Assert.AreEqual(i < 7, keys[i] > 0);
            Assert.AreEqual(i < 7, float.IsFinite(scores[i]));
        }

        var options = new PerceiverTokenClassificationOptions { Checkpoint = Labelled, LongText = PerceiverLongTextHandling.Refuse };
        using var strict = _context.Transforms.PerceiverTokenClassification(options).Fit(Rows("a"));
        AssertRowError("Row 1: ", "more than 40 tokens", () => Score(strict, Rows("a", string.Join(' ', Enumerable.Repeat("word", 12)))));
    }

    [TestMethod]
    public void Empty_words_have_labels_as_others()
    {
        var rows = _context.Data.LoadFromEnumerable(new[]
        {
            new Row { Text = ["", "b", "", ""], Labels = ["O", "NUM", "O", "O"] }, new Row { Text = [""], Labels = ["O"] },
        });
        var trainer = _context.MulticlassClassification.Trainers.PerceiverTokens(
            "Key", checkpoint: PerceiverCheckpoint.FromConfig(Config), training: new() { Epochs = 1, ValidationFraction = 0 });
        using var model = trainer.Fit(Keyed(rows));
        var scores = model.Transform(rows).GetColumn<float[]>("Score").ToArray();
        CollectionAssert.AreEqual(new[] { 4, 1 }, scores.Select(row => row.Length).ToArray());
        Assert.IsTrue(scores.All(row => row.All(float.IsFinite)));
    }

    [TestMethod]
    public void A_validation_set_with_other_labels_is_refused()
    {
        var trainer = _context.MulticlassClassification.Trainers.PerceiverTokens(
            "Key", checkpoint: PerceiverCheckpoint.FromConfig(Config), validationSet: Keyed(Rows("1 a")));
        var error = Assert.ThrowsExactly<ArgumentException>(() => trainer.Fit(Keyed(Rows("a 1"))));
        StringAssert.Contains(error.Message, "The label column 'Key' of the validation set has other labels");
    }

    [TestMethod]
    public void Rows_at_fault_are_named()
    {
        var trainer = _context.MulticlassClassification.Trainers.PerceiverTokens("Key", checkpoint: PerceiverCheckpoint.FromConfig(Config));
        var uneven = Keyed(_context.Data.LoadFromEnumerable(new[] { new Row { Text = ["a", "b"], Labels = ["O"] } }));
        AssertRowError("Row 0: ", "2 words, but there are 1 labels", () => trainer.Fit(uneven));
        var bySpan = _context.Transforms.PerceiverTokenClassification(new PerceiverTokenClassificationOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Config),
            LabelSpansColumnName = "Places",
            Training = new(),
        });
        AssertRowError("Row 0: ", "has no word", () => bySpan.Fit(Spans([9, 2])));
        AssertRowError("Row 0: ", "1 labels of spans and 3 numbers", () => bySpan.Fit(Spans([0, 1, 2])));

        IDataView Spans(int[] places)
        {
            var rows = _context.Data.LoadFromEnumerable(new[] { new SpanRow { Text = "abc", Kinds = ["NUM"], Places = places } });
            return _context.Transforms.Conversion.MapValueToKey("Label", "Kinds").Fit(rows).Transform(rows);
        }
    }

    [TestMethod]
    public void Labels_of_another_type_are_refused()
    {
        var checkpoint = PerceiverCheckpoint.FromConfig(Config);
        var trainer = _context.MulticlassClassification.Trainers.PerceiverTokens("Labels", checkpoint: checkpoint);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Fit(Rows("a 1"))).Message, "a vector of key");
        var catalog = _context.Transforms;
        Assert.ThrowsExactly<ArgumentException>(() => catalog.PerceiverTokenClassification(new PerceiverTokenClassificationOptions()));
        Assert.ThrowsExactly<ArgumentException>(() => catalog.PerceiverTokenClassification(
            new PerceiverTokenClassificationOptions { Checkpoint = Labelled, LabelSpansColumnName = "Places" }));
    }

    private static void AssertRowError(string row, string text, Action action)
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(action);
        StringAssert.StartsWith(error.Message, row);
        StringAssert.Contains(error.Message, text);
    }

    private static void Score(PerceiverTokenClassificationTransformer transformer, IDataView rows) =>
        _ = transformer.Transform(rows).GetColumn<float[]>("Score").ToArray();

    private static string Text(Random random) =>
        string.Join(' ', Enumerable.Range(0, random.Next(2, 6)).Select(_ => random.Next(2) == 0 ? $"{random.Next(10, 99)}" : "word"));

    private IDataView Rows(params string[] texts) => _context.Data.LoadFromEnumerable(texts.Select(Row.Of).ToArray());

    private IDataView Keyed(IDataView rows) => _context.Transforms.Conversion.MapValueToKey("Key", "Labels").Fit(rows).Transform(rows);

    private sealed class Row
    {
        public string[] Text { get; set; } = [];

        public string Whole { get; set; } = "";

        public string[] Labels { get; set; } = [];

        internal static Row Of(string text)
        {
            string[] words = text.Split(' ');
            return new Row { Text = words, Whole = text, Labels = [.. words.Select(word => char.IsDigit(word[0]) ? "NUM" : "O")] };
        }
    }

    private sealed class SpanRow
    {
        public string Text { get; set; } = "";

        public int[] Places { get; set; } = [];

        public string[] Kinds { get; set; } = [];

        /// <summary>Each number of a text is a span of its own.</summary>
        internal static SpanRow Of(string text)
        {
            int[] starts = [.. Enumerable.Range(0, text.Length).Where(i => char.IsDigit(text[i]) && (i == 0 || text[i - 1] == ' '))];
            int[] places = [.. starts.SelectMany(start => new[] { start, 2 })];
            return new SpanRow { Text = text, Places = places, Kinds = [.. starts.Select(_ => "NUM")] };
        }
    }
}
