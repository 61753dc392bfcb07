using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The mean loss of some rows, and what the mean divides by.</summary>
/// <param name="Loss">The loss, a scalar with a gradient.</param>
/// <param name="Weight">
/// How much of a batch the rows are: the number of rows, or of words, masked bytes or known pixels, or the sum of the classes' weights,
/// whichever the mean is taken over. The loss of a batch is the mean of its parts' losses by these weights.
/// </param>
public readonly record struct PerceiverWeightedLoss(Tensor Loss, double Weight);
