namespace Microsoft.ML.Perceiver;

/// <summary>The numbers of the next instants of a series.</summary>
/// <param name="Values">The median of each.</param>
/// <param name="LowerBounds">The lower bound of each; null where the model learnt none.</param>
/// <param name="UpperBounds">The upper bound of each; null where the model learnt none.</param>
public sealed record PerceiverForecast(
    IReadOnlyList<float> Values, IReadOnlyList<float>? LowerBounds = null, IReadOnlyList<float>? UpperBounds = null);
