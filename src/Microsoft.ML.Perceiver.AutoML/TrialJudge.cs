namespace Microsoft.ML.Perceiver;

/// <summary>Compares the epochs of an experiment's trials, each fold of a cross-validation with the same fold of the others.</summary>
internal sealed class TrialJudge(PerceiverTrialOptions options)
{
    private readonly Dictionary<int, PerceiverMedianPruner> _folds = [];

    /// <summary>Whether a trial is hopeless after an epoch.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="fold">The fold.</param>
    /// <param name="epoch">The end of an epoch.</param>
    /// <exception cref="InvalidOperationException">The training has no such metric.</exception>
    internal bool IsHopeless(int trial, int fold, PerceiverTrainingProgress epoch)
    {
        // Without validation rows there is nothing to judge by.
        if (!options.Prune || epoch.ValidationMetrics is not { Count: > 0 } metrics)
            return false;
        string name = options.PruningMetric ?? (metrics.ContainsKey("Accuracy") ? "Accuracy" : "RootMeanSquaredError");
        if (!metrics.TryGetValue(name, out double value))
            throw new InvalidOperationException(
                $"The trainings have no validation metric '{name}' to prune by; they have {string.Join(", ", metrics.Keys)}.");
        if (!_folds.TryGetValue(fold, out var pruner))
        {
            bool higherIsBetter = !name.EndsWith("Loss", StringComparison.Ordinal) && !name.EndsWith("Error", StringComparison.Ordinal);
            _folds.Add(fold, pruner = new PerceiverMedianPruner(higherIsBetter, options.StartupTrials, options.WarmupEpochs));
        }

        return pruner.Report(trial, epoch.Epoch, value);
    }
}
