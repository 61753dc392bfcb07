namespace Microsoft.ML.Perceiver;

/// <summary>A checkpoint that DeepMind published.</summary>
/// <param name="Id">Its name on the hub, for <see cref="PerceiverCheckpoint.FromHub"/>.</param>
/// <param name="Parameters">The number of its parameters.</param>
/// <param name="Config">
/// Its configuration, with the class in <see cref="PerceiverConfig.Architectures"/>; it has the number of labels; only the checkpoint's own
/// file has their names.
/// </param>
public sealed record PerceiverPublishedCheckpoint(string Id, long Parameters, PerceiverConfig Config);
