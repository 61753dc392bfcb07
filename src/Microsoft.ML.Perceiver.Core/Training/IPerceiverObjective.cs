using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>What is learnt: a model, its rows, the loss of some of them, and how good the model is.</summary>
public interface IPerceiverObjective
{
    /// <summary>The model that is trained.</summary>
    nn.Module Model { get; }

    /// <summary>Number of training rows.</summary>
    int RowCount { get; }

    /// <summary>The validation metric that decides which weights are the best.</summary>
    string MonitorMetric { get; }

    /// <summary>The names of what <see cref="Evaluate"/> gives; none where there are no validation rows.</summary>
    IReadOnlyList<string> MetricNames { get; }

    /// <summary>
    /// What else decides what is learnt, such as a fingerprint of the rows: a run folder goes on only where it is the same. Not asked for where
    /// there is no run folder.
    /// </summary>
    IReadOnlyDictionary<string, string> Settings => System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>How long a row is; rows of like length share a batch, so that little is padded.</summary>
    /// <param name="row">The row.</param>
    int LengthOf(int row);

    /// <summary>Whether a larger value of a metric is a better one.</summary>
    /// <param name="metric">The metric.</param>
    bool HigherIsBetter(string metric);

    /// <summary>The mean loss of some rows, a scalar that gradients flow through.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="random">Where chance comes from.</param>
    Tensor Loss(IReadOnlyList<int> rows, PerceiverRandom random);

    /// <summary>The metrics over the whole validation set; empty where there is none.</summary>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation);
}
