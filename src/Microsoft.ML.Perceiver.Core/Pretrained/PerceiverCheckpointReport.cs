namespace Microsoft.ML.Perceiver;

/// <summary>The parameters of a model that a checkpoint was loaded into, and the tensors that were not used.</summary>
/// <param name="Loaded">Parameters of the model that have the checkpoint's values.</param>
/// <param name="NewlyInitialized">
/// Parameters of the model that were randomly initialised: a head that the checkpoint lacks, or has for other labels.
/// </param>
/// <param name="Unused">Tensors of the checkpoint that are no parameters of the model, as those of another head.</param>
public sealed record PerceiverCheckpointReport(
    IReadOnlyList<string> Loaded, IReadOnlyList<string> NewlyInitialized, IReadOnlyList<string> Unused)
{
    /// <summary>
    /// What became of the checkpoint's output layer where the model has other labels, or the same in another order;
    /// <see cref="PerceiverLabelChange.None"/> also for a checkpoint that has no such layer.
    /// </summary>
    public PerceiverLabelChange LabelChange { get; init; }
}
