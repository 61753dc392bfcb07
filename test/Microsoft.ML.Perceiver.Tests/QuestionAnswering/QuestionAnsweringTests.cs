using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Tests.QuestionAnswering;

[TestClass]
public sealed class QuestionAnsweringTests
{
    private static readonly string[] Columns = ["PredictedAnswer", "Score"];
    private static readonly PerceiverConfig Config = TinyModels.Config with { InitializerRange = 0.3 };
    private static readonly PerceiverCheckpoint Checkpoint = PerceiverCheckpoint.FromConfig(Config, 3);

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Loaded() => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverQuestionAnswering(Checkpoint),
        Rows(("which?", "one of 12 é parts"), ("", ""), ("where", new string('x', 90) + " y")),
        [
            _context.Data.LoadFromEnumerable([new { Question = "a" }]),
            _context.Data.LoadFromEnumerable([new { Context = "a", Question = 1f }]),
        ],
        Columns);

    [TestMethod]
    public void Loaded_with_other_columns() => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverQuestionAnswering(new PerceiverQuestionAnsweringOptions
        {
            Checkpoint = Checkpoint,
            TextColumnName = "Question",
            QuestionColumnName = "Context",
            PredictedAnswerColumnName = "Best",
            ScoreColumnName = "Probabilities",
            TopK = 2,
            MaxAnswerLength = 5,
            ContextOverlap = 4,
            Precision = PerceiverPrecision.Int8,
        }),
        Rows(("one of 12 é parts", "which?"), ("x", "where")),
        [_context.Data.LoadFromEnumerable([new { Context = "a" }])],
        "Best", "Probabilities");

    [TestMethod]
    public void Trained() => EstimatorCheck.Run(
        _context,
        _context.MulticlassClassification.Trainers.PerceiverQuestionAnswer(
            checkpoint: PerceiverCheckpoint.FromConfig(Config), training: new() { Epochs = 2, BatchSize = 2 }),
        _context.Data.LoadFromEnumerable(Enumerable.Range(0, 6).Select(i => Row.Of($"abc {i} {new string('d', 10 * i)}", "n?", $"{i}"))),
        [_context.Data.LoadFromEnumerable([new { Context = "a", Question = "b", TrainingAnswer = "a" }])],
        Columns);

    [TestMethod]
    public void It_learns_to_find_numbers()
    {
        var random = new Random(3);
        using var model = _context.MulticlassClassification.Trainers.PerceiverQuestionAnswer(new PerceiverQuestionAnsweringOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Config),
            Training = new() { Epochs = 25, BatchSize = 8, LearningRate = 3e-3 },
        }).Fit(_context.Data.LoadFromEnumerable(Enumerable.Range(0, 250).Select(_ => Asked(random))));
        var test = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 50).Select(_ => Asked(random)));
        var answered = model.Transform(test);
        var metrics = _context.MulticlassClassification.EvaluateQuestionAnswer(answered);
        Assert.AreEqual(50, metrics.Rows);
        Assert.IsGreaterThan(0.7, metrics.ExactMatch);
        Assert.IsGreaterThanOrEqualTo(metrics.ExactMatch, metrics.F1);
        foreach (float[] scores in answered.GetColumn<float[]>("Score"))
        {
            Assert.HasCount(3, scores);
            CollectionAssert.AreEqual(scores.OrderDescending().ToArray(), scores);
            Assert.IsTrue(scores.All(s => s is >= 0 and <= 1));
        }
    }

    [TestMethod]
    public void Answers_are_parts_of_the_context_and_differ()
    {
        const string context = "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich, 𝄞 und mehr.";
        using var model = _context.Transforms.PerceiverQuestionAnswering(Checkpoint, topK: 20).Fit(Rows(("a", "b")));
        string[] answers = model.Transform(Rows(("wer?", context))).GetColumn<string[]>("PredictedAnswer").Single();
        Assert.HasCount(20, answers.Distinct());
        Assert.IsTrue(answers.All(a => a.Length > 0 && context.Contains(a, StringComparison.Ordinal) && a.Trim() == a));
    }

    [TestMethod]
    public void A_context_with_fewer_spans_has_empty_answers_behind_them()
    {
        using var model = _context.Transforms.PerceiverQuestionAnswering(Checkpoint).Fit(Rows(("a", "b")));
        var scored = model.Transform(Rows(("who", "x"), ("who", " ")));
        string[][] answers = [.. scored.GetColumn<string[]>("PredictedAnswer")];
        CollectionAssert.AreEqual(new[] { "x", "", "" }, answers[0]);
        CollectionAssert.AreEqual(new[] { "", "", "" }, answers[1]);
        CollectionAssert.AreEqual(new float[3], scored.GetColumn<float[]>("Score").Last());
    }

    [TestMethod]
    [DataRow("abc", "x", 0, "Row 1: the answer 'x' is not at character 0 of the column 'Context'")]
    [DataRow("abc", "bc", -1, "Row 1: the answer 'bc' is not at character -1")]
    [DataRow("abc", "bc", 2, "Row 1: the answer 'bc' is not at character 2")]
    [DataRow("abc", "", 0, "Row 1: the answer in the column 'TrainingAnswer' is empty or null")]
    [DataRow("a?", "a", 0, "Row 1: the text in the column 'Context' or 'Question' cannot be read")]
    public void Answers_that_are_not_in_their_context_are_refused(string text, string answer, int index, string expected)
    {
        // Half of a character, which an attribute cannot have.
        text = text.Replace('?', '\ud800');
        Row[] rows = [Row.Of("abc", "q", "b"), new Row { Context = text, Question = "q", TrainingAnswer = answer, AnswerIndex = index }];
        var trainer = _context.MulticlassClassification.Trainers.PerceiverQuestionAnswer(
            checkpoint: Checkpoint, training: new() { Epochs = 1 });
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(_context.Data.LoadFromEnumerable(rows)));
        StringAssert.StartsWith(error.Message, expected);
    }

    [TestMethod]
    public void Long_answers_questions_and_empty_texts_are_refused_where_that_is_asked_for()
    {
        var trainer = _context.MulticlassClassification.Trainers.PerceiverQuestionAnswer(
            new PerceiverQuestionAnsweringOptions { Checkpoint = Checkpoint, MaxAnswerLength = 3, Training = new() { Epochs = 1 } });
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(
                () => trainer.Fit(_context.Data.LoadFromEnumerable([Row.Of("ab éé", "q", "éé")]))).Message,
            "more than 3 bytes");
        using var strict = _context.Transforms.PerceiverQuestionAnswering(new PerceiverQuestionAnsweringOptions
        {
            Checkpoint = Checkpoint,
            LongText = PerceiverLongTextHandling.Refuse,
            EmptyText = PerceiverEmptyTextHandling.Refuse,
        }).Fit(Rows(("a", "b")));
        Refused(("a", ""), "the text in the column 'Context' is empty or null");
        Refused(("", "a"), "the text in the column 'Question' is empty or null");
        Refused((new string('q', 19), "a"), "the column 'Question' has more than 18 bytes");
        Assert.HasCount(1, strict.Transform(Rows((new string('q', 18), "a"))).GetColumn<float[]>("Score").ToArray());

        void Refused((string Question, string Context) row, string expected) => StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(
                () => strict.Transform(Rows(row)).GetColumn<float[]>("Score").ToArray()).Message,
            expected);
    }

    [TestMethod]
    public void Settings_out_of_range_are_refused()
    {
        Refused(new() { Checkpoint = Checkpoint, MaxLength = 15 }, "MaxLength");
        Refused(new() { Checkpoint = Checkpoint, TopK = 0 }, "TopK");
        Refused(new() { Checkpoint = Checkpoint, MaxAnswerLength = 0 }, "MaxAnswerLength");
        Refused(new() { Checkpoint = Checkpoint, ContextOverlap = -1 }, "ContextOverlap");
        Refused(new() { Checkpoint = Checkpoint, QuestionColumnName = "" }, "QuestionColumnName");
        Assert.ThrowsExactly<InvalidOperationException>(() => _context.MulticlassClassification.EvaluateQuestionAnswer(
            _context.Data.LoadFromEnumerable(Array.Empty<Evaluated>())));

        void Refused(PerceiverQuestionAnsweringOptions options, string name) => Assert.Contains(
            name, Assert.Throws<ArgumentException>(() => _context.Transforms.PerceiverQuestionAnswering(options)).Message);
    }

    private static Row Asked(Random random)
    {
        string Letters() => string.Concat(Enumerable.Range(0, random.Next(1, 10)).Select(_ => (char)('a' + random.Next(26))));
        string number = random.Next(1, 1000).ToString();
        return Row.Of($"{Letters()} {number} {Letters()}", "n?", number);
    }

    private IDataView Rows(params (string Question, string Context)[] rows) =>
        _context.Data.LoadFromEnumerable(rows.Select(r => new { r.Context, r.Question }));

    private sealed class Evaluated
    {
        public string TrainingAnswer { get; set; } = "";

        [VectorType(1)]
        public string[] PredictedAnswer { get; set; } = [];
    }

    private sealed class Row
    {
        public string Context { get; set; } = "";

        public string Question { get; set; } = "";

        public string TrainingAnswer { get; set; } = "";

        public int AnswerIndex { get; set; }

        internal static Row Of(string context, string question, string answer) => new()
        {
            Context = context,
            Question = question,
            TrainingAnswer = answer,
            AnswerIndex = context.IndexOf(answer, StringComparison.Ordinal),
        };
    }
}
