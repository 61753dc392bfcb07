using System.Collections.ObjectModel;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// What objectives share: rows to train and to validate on, their fingerprints, validation batch by batch, and the disposal of tensors. A
/// derived class says the loss of a batch, its metrics, and how they are computed.
/// </summary>
/// <typeparam name="TRow">What a row is.</typeparam>
public abstract class PerceiverObjective<TRow> : IPerceiverObjective
{
    private readonly int _validationBatchSize;

    /// <summary>For derived classes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="training">The training rows.</param>
    /// <param name="validation">The validation rows; none for no validation.</param>
    /// <param name="validationBatchSize">Rows of a validation batch.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    protected PerceiverObjective(nn.Module model, PerceiverRows<TRow> training, PerceiverRows<TRow> validation, int validationBatchSize)
    {
        Model = NotNull(model);
        Training = NotNull(training);
        Validation = NotNull(validation);
        _validationBatchSize = validationBatchSize;
    }

    /// <inheritdoc/>
    public nn.Module Model { get; }

    /// <inheritdoc/>
    public int RowCount => Training.Count;

    /// <inheritdoc/>
    public IReadOnlyList<PerceiverMetric> Metrics => Validation.Count == 0 ? [] : ValidationMetrics;

    /// <inheritdoc/>
    /// <remarks>The fingerprints of the rows, to which a derived class adds its own settings.</remarks>
    public virtual IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["TrainingData"] = Training.Fingerprint(),
        ["ValidationData"] = Validation.Fingerprint(),
    };

    /// <summary>The training rows.</summary>
    protected PerceiverRows<TRow> Training { get; }

    /// <summary>The validation rows.</summary>
    protected PerceiverRows<TRow> Validation { get; }

    /// <summary>What <see cref="Validate"/> gives; the first decides which weights are the best.</summary>
    protected abstract IReadOnlyList<PerceiverMetric> ValidationMetrics { get; }

    /// <inheritdoc/>
    public int LengthOf(int row) => Training.LengthOf(row);

    /// <inheritdoc/>
    public Tensor Loss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(random);
        using var scope = NewDisposeScope();
        return BatchLoss(rows, random).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public PerceiverWeightedLoss WeightedLoss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(random);
        using var scope = NewDisposeScope();
        var (loss, weight) = WeightedBatchLoss(rows, random);
        return new(loss.MoveToOuterDisposeScope(), weight);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation) =>
        Validation.Count == 0 ? ReadOnlyDictionary<string, double>.Empty : Validate(ValidationBatches(cancellation), cancellation);

    /// <summary>The mean loss of some training rows, a scalar. Every other tensor that is made here is disposed afterwards.</summary>
    /// <param name="rows">The rows of <see cref="Training"/>.</param>
    /// <param name="random">The random number generator of the training.</param>
    /// <returns>The loss, a scalar with a gradient.</returns>
    protected abstract Tensor BatchLoss(IReadOnlyList<int> rows, PerceiverRandom random);

    /// <summary>
    /// <see cref="BatchLoss"/> with what its mean divides by: the number of rows, unless a derived class takes the mean over something
    /// else.
    /// </summary>
    /// <param name="rows">The rows of <see cref="Training"/>.</param>
    /// <param name="random">The random number generator of the training.</param>
    /// <returns>The loss, a scalar with a gradient, and its weight.</returns>
    protected virtual PerceiverWeightedLoss WeightedBatchLoss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new(BatchLoss(rows, random), rows.Count);
    }

    /// <summary>The metrics over the validation rows, by name.</summary>
    /// <param name="batches">
    /// The rows of <see cref="Validation"/>, batch by batch, those of like length together. Each batch is enumerated once, and the tensors
    /// that are made meanwhile are disposed before the next one.
    /// </param>
    /// <param name="cancellation">Checked before each batch; for what takes long within one.</param>
    /// <returns>A number for each of the validation metrics, by name.</returns>
    protected abstract IReadOnlyDictionary<string, double> Validate(
        IEnumerable<IReadOnlyList<int>> batches, CancellationToken cancellation);

    /// <summary>The argument itself, for what a constructor hands to its base.</summary>
    private protected static T NotNull<T>(T argument, [CallerArgumentExpression(nameof(argument))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(argument, name);
        return argument;
    }

    private IEnumerable<IReadOnlyList<int>> ValidationBatches(CancellationToken cancellation)
    {
        foreach (int[] batch in LengthBuckets.Sorted(Validation.Count, _validationBatchSize, Validation.LengthOf))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var gradients = no_grad();
            yield return batch;
        }
    }
}
