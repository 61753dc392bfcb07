using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Judges a model in training by its objective's validation metrics.</summary>
internal sealed class TrainingEvaluator(ITrainingObjective objective, PerceiverTrainingOptions options)
{
    private readonly string _monitor = options.MonitorMetric ?? objective.MonitorMetric;

    /// <summary>The metrics over the whole validation set; empty where there is none.</summary>
    internal IReadOnlyDictionary<string, double> Evaluate()
    {
        objective.Model.eval();
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var metrics = objective.Evaluate(options.CancellationToken);
        if (metrics.Count == 0 && options.EarlyStoppingPatience is not null)
            throw new ArgumentException($"{nameof(PerceiverTrainingOptions.EarlyStoppingPatience)} needs validation rows; there are none.");
        return metrics;
    }

    internal bool IsBetter(IReadOnlyDictionary<string, double> metrics, double best)
    {
        double value = Monitored(metrics);
        return double.IsFinite(value) && (objective.HigherIsBetter(_monitor) ? value > best : value < best);
    }

    /// <summary>The metric that decides; without a validation set the latest weights are the best there are.</summary>
    internal double Monitored(IReadOnlyDictionary<string, double> metrics) =>
        metrics.Count == 0 ? 0
        : metrics.TryGetValue(_monitor, out double value) ? value
        : throw new ArgumentException($"There is no validation metric '{_monitor}'; there are {string.Join(", ", metrics.Keys)}.");
}
