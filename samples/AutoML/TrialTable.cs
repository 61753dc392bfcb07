using Spectre.Console;
using Spectre.Console.Rendering;

namespace AutoML;

/// <summary>The trials of a search as a table.</summary>
internal static class TrialTable
{
    // A terminal of the usual 80 columns has room for what matters most.
    private const int WideConsole = 125;

    /// <summary>Makes the table, the best trial in bold.</summary>
    /// <param name="trials">The trials.</param>
    public static IRenderable Of(IReadOnlyList<Trial> trials)
    {
        bool isWide = AnsiConsole.Profile.Width >= WideConsole;
        var table = new Table().Title("Trials; accuracy and log-loss of the validation rows");
        (string Name, bool IsWide, Func<Trial, string> Cell)[] columns = [.. Columns().Where(c => isWide || !c.IsWide)];
        foreach (var column in columns)
            table.AddColumn(column.Name, c => c.NoWrap());
        var best = trials.Aggregate(default(Trial), (best, trial) => trial.IsBetterThan(best) ? trial : best);
        foreach (var trial in trials)
            table.AddRow([.. columns.Select(c => trial == best ? $"[bold]{c.Cell(trial)}[/]" : c.Cell(trial))]);
        return table;
    }

    /// <summary>A line for a trial that ended.</summary>
    /// <param name="trial">The trial.</param>
    public static string Line(Trial trial)
    {
        string state = trial.State.ToString().ToLowerInvariant();
        string error = trial.Error is null ? "" : $": {trial.Error}";
        return $"trial {trial.Number} ({trial.Options.Size}, learning rate {trial.Options.LearningRate:g2}): "
            + $"{trial.Epochs} of {trial.Options.Epochs} epochs, validation accuracy {trial.Accuracy:P2}, "
            + $"log-loss {trial.LogLoss:f4}, {trial.Seconds:f0} s, {state}{error}";
    }

    private static (string Name, bool IsWide, Func<Trial, string> Cell)[] Columns() =>
    [
        ("#", false, t => $"{t.Number}"),
        ("size", false, t => $"{t.Options.Size}"),
        ("steps", true, t => $"{t.Options.Optimizer}"),
        ("rate", false, t => $"{t.Options.LearningRate:g2}"),
        ("batch", true, t => $"{t.Options.BatchSize}"),
        ("decay", true, t => $"{t.Options.WeightDecay:g2}"),
        ("dropout", true, t => $"{t.Options.AttentionDropout:f2}"),
        ("masks", true, t => $"{t.Options.TokenDropout:f2}"),
        ("smoothing", true, t => $"{t.Options.LabelSmoothing:f2}"),
        ("average", true, t => $"{t.Options.WeightAverageDecay}"),
        ("balanced", true, t => t.Options.BalanceClasses ? "yes" : ""),
        ("epochs", false, t => $"{t.Epochs}/{t.Options.Epochs}"),
        ("accuracy", false, t => double.IsNaN(t.Accuracy) ? "" : $"{t.Accuracy:P2}"),
        ("log-loss", false, t => double.IsFinite(t.LogLoss) ? $"{t.LogLoss:f4}" : ""),
        ("s", false, t => $"{t.Seconds:f0}"),
        ("", false, t => State(t.State)),
    ];

    private static string State(TrialState state) => state switch
    {
        TrialState.Running => "[blue]running[/]",
        TrialState.Done => "[green]done[/]",
        TrialState.Pruned => "[yellow]pruned[/]",
        TrialState.Cut => "[yellow]cut[/]",
        _ => "[red]failed[/]",
    };
}
