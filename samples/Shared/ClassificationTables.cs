using Microsoft.ML.Data;
using Spectre.Console;

namespace Samples;

/// <summary>A classifier's metrics as tables.</summary>
internal static class ClassificationTables
{
    // A confusion matrix of more labels than this is shown as a list of its largest errors.
    private const int LargestMatrix = 12;

    /// <summary>Shows the metrics of the model beside those of others.</summary>
    /// <param name="model">The model's.</param>
    /// <param name="others">The others', with their names.</param>
    public static void Metrics(
        MulticlassClassificationMetrics model, params (string Name, MulticlassClassificationMetrics Metrics)[] others)
    {
        var table = new Table().Title("Test split").AddColumns(["", "Perceiver", .. others.Select(o => Markup.Escape(o.Name))]);
        void Row(string name, Func<MulticlassClassificationMetrics, string> value) =>
            table.AddRow([name, value(model), .. others.Select(o => value(o.Metrics))]);
        Row("Micro accuracy", m => $"{m.MicroAccuracy:P2}");
        Row("Macro accuracy", m => $"{m.MacroAccuracy:P2}");
        Row("Log-loss", m => $"{m.LogLoss:f4}");
        Row("Log-loss reduction", m => $"{m.LogLossReduction:f4}");
        AnsiConsole.Write(table);
    }

    /// <summary>Shows a confusion matrix, or the largest errors of a large one.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="labels">The labels in its order.</param>
    public static void Confusion(ConfusionMatrix matrix, IReadOnlyList<string> labels)
    {
        if (labels.Count > LargestMatrix)
        {
            LargestErrors(matrix, labels);
            return;
        }

        var table = new Table().Title("Confusion matrix").AddColumn("actual \\ predicted");
        foreach (string label in labels)
            table.AddColumn(new TableColumn(Markup.Escape(label)).RightAligned());
        table.AddColumn(new TableColumn("recall").RightAligned());
        for (int i = 0; i < labels.Count; i++)
            table.AddRow([Markup.Escape(labels[i]), .. matrix.Counts[i].Select(c => $"{c:f0}"), $"{matrix.PerClassRecall[i]:P1}"]);
        table.AddRow(["precision", .. matrix.PerClassPrecision.Select(p => $"{p:P1}"), ""]);
        AnsiConsole.Write(table);
    }

    private static void LargestErrors(ConfusionMatrix matrix, IReadOnlyList<string> labels)
    {
        var errors = from i in Enumerable.Range(0, labels.Count)
                     from j in Enumerable.Range(0, labels.Count)
                     where i != j && matrix.Counts[i][j] > 0
                     orderby matrix.Counts[i][j] descending
                     select (Actual: labels[i], Predicted: labels[j], Count: matrix.Counts[i][j]);
        var list = new Table().Title($"Most frequent confusions of {labels.Count} labels").AddColumns("actual", "predicted", "rows");
        foreach (var (actual, predicted, count) in errors.Take(15))
            list.AddRow(Markup.Escape(actual), Markup.Escape(predicted), $"{count:f0}");
        AnsiConsole.Write(list);
    }
}
