namespace Microsoft.ML.Perceiver;

/// <summary>A filling of the masks of a text.</summary>
/// <param name="Bytes">One byte for each mask, in the order of the masks.</param>
/// <param name="LogProbability">The natural logarithm of the filling's joint probability.</param>
public sealed record PerceiverMaskFilling(IReadOnlyList<byte> Bytes, float LogProbability);
