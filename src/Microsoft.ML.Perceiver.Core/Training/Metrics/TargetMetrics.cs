namespace Microsoft.ML.Perceiver;

/// <summary>Metrics of predictions against the targets of a data set, added row by row.</summary>
internal abstract class TargetMetrics
{
    internal static readonly PerceiverMetric LogLoss = new("LogLoss", HigherIsBetter: false);

    /// <summary>The metrics, the one that decides first.</summary>
    internal abstract IReadOnlyList<PerceiverMetric> Metrics { get; }

    /// <summary>Adds a row.</summary>
    /// <param name="logits">The model's number for each label; of a row with several items, item by item.</param>
    /// <param name="target">The index of the row's class, or of each item's; numbers; or 0 or 1 for each label.</param>
    internal abstract void Add(ReadOnlySpan<float> logits, ReadOnlySpan<float> target);

    /// <summary>The values by name.</summary>
    internal abstract IReadOnlyDictionary<string, double> Result();

    /// <summary>The metrics of a problem.</summary>
    internal static TargetMetrics Of(PerceiverProblemType problem, int labels) => problem switch
    {
        PerceiverProblemType.SingleLabel => new ClassificationMetrics(labels),
        PerceiverProblemType.MultiLabel => new MultiLabelMetrics(),
        _ => new RegressionMetrics(),
    };
}
