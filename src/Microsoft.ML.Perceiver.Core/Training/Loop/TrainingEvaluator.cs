using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Judges a model in training by its objective's validation metrics.</summary>
internal sealed class TrainingEvaluator
{
    private readonly IPerceiverObjective _objective;
    private readonly CancellationToken _cancellation;
    private readonly string _monitor;

    /// <exception cref="ArgumentException">What the options ask for cannot be told from the objective's validation rows.</exception>
    internal TrainingEvaluator(IPerceiverObjective objective, PerceiverTrainingOptions options)
    {
        _objective = objective;
        _cancellation = options.CancellationToken;
        _monitor = options.MonitorMetric ?? objective.MonitorMetric;
        var names = objective.MetricNames;
        if (names.Count == 0 && options.EarlyStoppingPatience is not null)
            throw NeedsValidation(nameof(PerceiverTrainingOptions.EarlyStoppingPatience));
        if (names.Count == 0 && options.MonitorMetric is not null)
            throw NeedsValidation(nameof(PerceiverTrainingOptions.MonitorMetric));
        if (names.Count > 0 && !names.Contains(_monitor))
            throw new ArgumentException($"There is no validation metric '{_monitor}'; there are {string.Join(", ", names)}.");
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
        return double.IsFinite(value) && (!double.IsFinite(best) || (_objective.HigherIsBetter(_monitor) ? value > best : value < best));
    }

    /// <summary>The metric that decides; without a validation set the latest weights are the best there are.</summary>
    internal double Monitored(IReadOnlyDictionary<string, double> metrics) => metrics.Count == 0 ? 0 : metrics[_monitor];

    private static ArgumentException NeedsValidation(string option) => new($"{option} needs validation rows; there are none.");
}
