using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Spectre.Console;

namespace QuestionAnswering;

/// <summary>How well questions were answered.</summary>
/// <param name="Model">The model's metrics.</param>
/// <param name="Baseline">Those of <see cref="FirstCandidate"/>.</param>
/// <param name="RowsPerSecond">Questions that the model answers in a second.</param>
internal sealed record Answers(
    PerceiverQuestionAnsweringMetrics Model, PerceiverQuestionAnsweringMetrics Baseline, double RowsPerSecond)
{
    /// <summary>Answers the test questions, and shows the results by kind.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="model">The model.</param>
    /// <param name="test">The test questions.</param>
    public static Answers Evaluate(MLContext mlContext, ITransformer model, IReadOnlyList<QuestionRow> test)
    {
        var rows = mlContext.Data.LoadFromEnumerable(test.Select(t => t.Row).ToArray());
        var clock = Stopwatch.StartNew();
        string[] answers = [.. model.Transform(rows).GetColumn<string[]>("PredictedAnswer").Select(a => a.FirstOrDefault() ?? "")];
        double seconds = clock.Elapsed.TotalSeconds;
        string[] first = [.. test.Select(t => FirstCandidate.Answer(t.Row.Question, t.Row.Context))];
        var table = new Table().Title($"{test.Count:n0} questions about texts that were held out")
            .AddColumns("asks", "questions", "Perceiver: exact", "F1", "first candidate: exact", "F1");
        foreach (var kind in Enum.GetValues<QuestionKind>())
        {
            int[] chosen = [.. Enumerable.Range(0, test.Count).Where(i => test[i].Kind == kind)];
            if (chosen.Length > 0)
                AddRow(table, kind.ToString(), Of(mlContext, test, answers, chosen), Of(mlContext, test, first, chosen));
        }

        int[] all = [.. Enumerable.Range(0, test.Count)];
        var result = new Answers(Of(mlContext, test, answers, all), Of(mlContext, test, first, all), test.Count / seconds);
        AddRow(table, "all", result.Model, result.Baseline);
        AnsiConsole.Write(table);
        return result;
    }

    private static void AddRow(
        Table table, string name, PerceiverQuestionAnsweringMetrics model, PerceiverQuestionAnsweringMetrics first) =>
        table.AddRow(
            name, $"{model.Rows:n0}", $"{model.ExactMatch:p1}", $"{model.F1:p1}", $"{first.ExactMatch:p1}", $"{first.F1:p1}");

    private static PerceiverQuestionAnsweringMetrics Of(
        MLContext mlContext, IReadOnlyList<QuestionRow> test, string[] answers, int[] chosen) =>
        mlContext.MulticlassClassification.EvaluateQuestionAnswer(mlContext.Data.LoadFromEnumerable(
            chosen.Select(i => new Answered { TrainingAnswer = test[i].Row.TrainingAnswer, PredictedAnswer = answers[i] }).ToArray()));

    private sealed class Answered
    {
        public string TrainingAnswer { get; set; } = "";

        public string PredictedAnswer { get; set; } = "";
    }
}
