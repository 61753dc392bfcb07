using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Judges a model in training by its objective's validation metrics.</summary>
internal sealed class TrainingEvaluator
{
    private readonly IPerceiverObjective _objective;
    private readonly CancellationToken _cancellation;
    private readonly PerceiverMetric? _monitor;

    /// <exception cref="ArgumentException">What the options ask for cannot be told from the objective's validation rows.</exception>
    internal TrainingEvaluator(IPerceiverObjective objective, PerceiverTrainingOptions options)
    {
        _objective = objective;
        _cancellation = options.CancellationToken;
        var metrics = objective.Metrics;
        if (metrics.Count == 0 && options.EarlyStoppingPatience is not null)
            throw NeedsValidation(nameof(PerceiverTrainingOptions.EarlyStoppingPatience));
        if (metrics.Count == 0 && options.MonitorMetric is not null)
            throw NeedsValidation(nameof(PerceiverTrainingOptions.MonitorMetric));
        _monitor = metrics.FirstOrDefault(m => options.MonitorMetric is null || m.Name == options.MonitorMetric);
        if (metrics.Count > 0 && _monitor is null)
            throw new ArgumentException($"There is no validation metric '{options.MonitorMetric}'; there are {string.Join(", ", metrics.Select(m => m.Name))}.");
    }

    /// <summary>The metrics over the whole validation set; empty where there is none.</summary>
    internal IReadOnlyDictionary<string, double> Evaluate()
    {
        _objective.Model.eval();
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        return _objective.Evaluate(_cancellation);
    }

    /// <summary>Whether metrics are better than the best value so far; one that is no number is worse than any.</summary>
    internal bool IsBetter(IReadOnlyDictionary<string, double> metrics, double best)
    {
        double value = Monitored(metrics);
        if (!double.IsFinite(value) || !double.IsFinite(best))
            return double.IsFinite(value);
        return _monitor is { HigherIsBetter: true } ? value > best : value < best;
    }

    /// <summary>The metric that decides; without a validation set the latest weights are the best there are.</summary>
    internal double Monitored(IReadOnlyDictionary<string, double> metrics) => metrics.Count == 0 ? 0 : metrics[_monitor!.Name];

    private static ArgumentException NeedsValidation(string option) => new($"{option} needs validation rows; there are none.");
}
