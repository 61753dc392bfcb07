using Spectre.Console;
using Spectre.Console.Rendering;

namespace AutoML;

/// <summary>The trials of a search as a table.</summary>
internal static class TrialTable
{
    /// <summary>Makes the table, the best trial in bold.</summary>
    /// <param name="trials">The trials.</param>
    public static IRenderable Of(IReadOnlyList<Trial> trials)
    {
        var table = new Table().Title("Trials; accuracy and log-loss of the validation rows").AddColumns(
            "#", "size", "rate", "batch", "decay", "dropout", "masks", "smooth", "mean", "balance", "epochs", "accuracy", "log-loss", "s", "");
        var best = trials.Where(t => double.IsFinite(t.LogLoss)).MinBy(t => t.LogLoss);
        foreach (var trial in trials)
        {
            string[] cells = Cells(trial);
            table.AddRow(trial == best ? [.. cells.Select(c => $"[bold]{c}[/]")] : cells);
        }

        return table;
    }

    /// <summary>A line for a trial that ended.</summary>
    /// <param name="trial">The trial.</param>
    public static string Line(Trial trial) =>
        $"trial {trial.Number} ({trial.Options.Size}, learning rate {trial.Options.LearningRate:g2}): {trial.Epochs} of {trial.Options.Epochs} epochs, "
        + $"validation accuracy {trial.Accuracy:P2}, log-loss {trial.LogLoss:f4}, {trial.Seconds:f0} s, {trial.State.ToString().ToLowerInvariant()}{(trial.Error is null ? "" : $": {trial.Error}")}";

    private static string[] Cells(Trial trial)
    {
        var o = trial.Options;
        return
        [
            $"{trial.Number}", $"{o.Size}", $"{o.LearningRate:g2}", $"{o.BatchSize}", $"{o.WeightDecay:g2}", $"{o.AttentionDropout:f2}", $"{o.TokenDropout:f2}",
            $"{o.LabelSmoothing:f2}", $"{o.WeightAverageDecay}", o.BalanceClasses ? "yes" : "", $"{trial.Epochs}/{o.Epochs}",
            double.IsNaN(trial.Accuracy) ? "" : $"{trial.Accuracy:P2}", double.IsFinite(trial.LogLoss) ? $"{trial.LogLoss:f4}" : "", $"{trial.Seconds:f0}", State(trial.State),
        ];
    }

    private static string State(TrialState state) => state switch
    {
        TrialState.Running => "[blue]running[/]",
        TrialState.Done => "[green]done[/]",
        TrialState.Pruned => "[yellow]pruned[/]",
        TrialState.Cut => "[yellow]cut[/]",
        _ => "[red]failed[/]",
    };
}
