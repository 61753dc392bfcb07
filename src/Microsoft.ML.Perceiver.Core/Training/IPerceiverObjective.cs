using System.Collections.ObjectModel;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// What <see cref="PerceiverTrainer"/> needs of a task: a model, its rows, the loss of a batch and validation metrics.
/// <see cref="PerceiverObjective{TRow}"/> has what most objectives share.
/// </summary>
public interface IPerceiverObjective
{
    /// <summary>The model that is trained.</summary>
    nn.Module Model { get; }

    /// <summary>Number of training rows.</summary>
    int RowCount { get; }

    /// <summary>
    /// What <see cref="Evaluate"/> gives; none where there are no validation rows. The first decides which weights are the best, unless
    /// <see cref="PerceiverTrainingOptions.MonitorMetric"/> names another.
    /// </summary>
    IReadOnlyList<PerceiverMetric> Metrics { get; }

    /// <summary>
    /// What else decides the weights that come out, such as a fingerprint of the rows: a run folder goes on only where it is the same. Read
    /// only where there is a run folder.
    /// </summary>
    IReadOnlyDictionary<string, string> Settings => ReadOnlyDictionary<string, string>.Empty;

    /// <summary>How long a row is; rows of like length share a batch, so that little is padded.</summary>
    /// <param name="row">The row.</param>
    /// <returns>The length in any unit, the same for all rows.</returns>
    int LengthOf(int row);

    /// <summary>The mean loss of some rows, a scalar that gradients flow through.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="random">The random number generator of the training.</param>
    /// <returns>The loss, a scalar with a gradient.</returns>
    Tensor Loss(IReadOnlyList<int> rows, PerceiverRandom random);

    /// <summary>
    /// The mean loss of some rows with what the mean divides by. Used where several processes share a batch
    /// (<see cref="PerceiverTrainingOptions.Communicator"/>): each has the loss of its own rows. By default, the mean is one over rows.
    /// </summary>
    /// <param name="rows">The rows.</param>
    /// <param name="random">The random number generator of the training.</param>
    /// <returns>The loss, a scalar with a gradient, and its weight.</returns>
    PerceiverWeightedLoss WeightedLoss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new(Loss(rows, random), rows.Count);
    }

    /// <summary>The metrics over the whole validation set, by name; empty where there is none.</summary>
    /// <param name="cancellation">Checked between batches.</param>
    /// <returns>A number for each of <see cref="Metrics"/>, by name.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation);
}
