using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The loss of a batch as one rank computes it.</summary>
/// <param name="Own">The mean loss of the rank's rows, a scalar with a gradient; null where it has none that count.</param>
/// <param name="Share">What the rank's rows are of the batch, from 0 to 1.</param>
/// <param name="Mean">The mean loss of the whole batch, the same on every rank.</param>
internal readonly record struct BatchLoss(Tensor? Own, double Share, double Mean);
