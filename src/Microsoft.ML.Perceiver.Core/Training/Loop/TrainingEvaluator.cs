using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Evaluates a model in training by its objective's validation metrics.</summary>
internal sealed class TrainingEvaluator
{
    private readonly IPerceiverObjective _objective;
    private readonly CancellationToken _cancellation;
    private readonly PerceiverMetric? _monitor;

    /// <exception cref="ArgumentException">The options need validation rows, or a metric, that the objective has not.</exception>
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
        {
            string names = string.Join(", ", metrics.Select(m => m.Name));
            throw new ArgumentException($"There is no validation metric '{options.MonitorMetric}'; there are {names}.");
        }
    }

    /// <summary>The metrics over the whole validation set; empty where there is none.</summary>
    internal IReadOnlyDictionary<string, double> Evaluate()
    {
        _objective.Model.eval();
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        return _objective.Evaluate(_cancellation);
    }

    /// <summary>Whether metrics are better than the best value so far; a value that is not finite never is.</summary>
    internal bool IsBetter(IReadOnlyDictionary<string, double> metrics, double best)
    {
        double value = Monitored(metrics);
        if (!double.IsFinite(value) || !double.IsFinite(best))
            return double.IsFinite(value);
        return _monitor is { HigherIsBetter: true } ? value > best : value < best;
    }

    /// <summary>The value of the metric that decides; 0 without validation rows, where the last weights are the best.</summary>
    internal double Monitored(IReadOnlyDictionary<string, double> metrics) => metrics.Count == 0 ? 0 : metrics[_monitor!.Name];

    private static ArgumentException NeedsValidation(string option) => new($"{option} needs validation rows; there are none.");
}
