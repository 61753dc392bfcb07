using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Spectre.Console;

namespace TextClassification;

/// <summary>What the program shows.</summary>
internal static class Report
{
    // A confusion matrix of more labels than this is shown as a list of its largest errors.
    private const int LargestMatrix = 12;

    /// <summary>Runs a training with a progress bar, or a line an epoch where the output is no terminal.</summary>
    /// <typeparam name="T">What is trained.</typeparam>
    /// <param name="what">What is learnt.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="train">Trains with the options it is given.</param>
    public static T WithProgress<T>(string what, PerceiverTrainingOptions options, Func<PerceiverTrainingOptions, T> train)
    {
        if (!AnsiConsole.Profile.Capabilities.Ansi)
            return train(options with { Progress = now => WriteEpoch(what, now) });
        return AnsiConsole.Progress()
            .AutoClear(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var task = context.AddTask($"{what}: epoch 1 of {options.Epochs}", maxValue: 1);
                string validation = "";
                return train(options with
                {
                    Progress = now =>
                    {
                        if (now.IsEpochEnd)
                            validation = Validation(now);
                        task.MaxValue = now.Steps;
                        task.Value = now.Step;
                        task.Description = $"{what}: epoch {now.Epoch} of {now.Epochs}  loss {now.TrainingLoss:f4}{validation}";
                    },
                });
            });
    }

    private static void WriteEpoch(string what, TrainingProgress now)
    {
        if (now.IsEpochEnd)
            AnsiConsole.WriteLine($"{what}: epoch {now.Epoch} of {now.Epochs}  loss {now.TrainingLoss:f4}{Validation(now)}  {now.Elapsed.TotalSeconds:f0} s");
    }

    private static string Validation(TrainingProgress end) =>
        end.ValidationMetrics!.TryGetValue("Accuracy", out double accuracy) ? $"  validation accuracy {accuracy:P2}"
        : end.ValidationMetrics.TryGetValue("MaskedAccuracy", out double masked) ? $"  validation: {masked:P1} of the masks right"
        : "";

    /// <summary>Shows the metrics of the model beside those of the baseline.</summary>
    public static void Metrics(MulticlassClassificationMetrics model, MulticlassClassificationMetrics baseline)
    {
        var table = new Table().Title("Test split").AddColumns("", "Perceiver", "FeaturizeText + SdcaMaximumEntropy");
        table.AddRow("Micro accuracy", $"{model.MicroAccuracy:P2}", $"{baseline.MicroAccuracy:P2}");
        table.AddRow("Macro accuracy", $"{model.MacroAccuracy:P2}", $"{baseline.MacroAccuracy:P2}");
        table.AddRow("Log-loss", $"{model.LogLoss:f4}", $"{baseline.LogLoss:f4}");
        table.AddRow("Log-loss reduction", $"{model.LogLossReduction:f4}", $"{baseline.LogLossReduction:f4}");
        AnsiConsole.Write(table);
    }

    /// <summary>Shows a confusion matrix, or the largest errors of a large one.</summary>
    public static void Confusion(ConfusionMatrix matrix, IReadOnlyList<string> labels)
    {
        if (labels.Count <= LargestMatrix)
        {
            var table = new Table().Title("Confusion matrix").AddColumn("actual \\ predicted");
            foreach (string label in labels)
                table.AddColumn(new TableColumn(Markup.Escape(label)).RightAligned());
            table.AddColumn(new TableColumn("recall").RightAligned());
            for (int i = 0; i < labels.Count; i++)
                table.AddRow([Markup.Escape(labels[i]), .. matrix.Counts[i].Select(c => $"{c:f0}"), $"{matrix.PerClassRecall[i]:P1}"]);
            table.AddRow(["precision", .. matrix.PerClassPrecision.Select(p => $"{p:P1}"), ""]);
            AnsiConsole.Write(table);
            return;
        }

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

    /// <summary>Shows the predictions of lines.</summary>
    public static void Predictions(IEnumerable<string> lines)
    {
        var table = new Table().Title("Predictions of the saved model").AddColumns("text", "label", "probability");
        foreach (string line in lines)
        {
            var best = MyModel.PredictAllLabels(new MyModel.ModelInput { Text = line }).First();
            table.AddRow(Markup.Escape(line), Markup.Escape(best.Key), $"{best.Value:P1}");
        }

        AnsiConsole.Write(table);
    }
}
