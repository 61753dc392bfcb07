namespace Microsoft.ML.Perceiver;

/// <summary>A prediction, with the columns of the model that made it.</summary>
/// <typeparam name="TOutput">The class of a prediction.</typeparam>
/// <param name="Output">The prediction.</param>
/// <param name="OutputSchema">
/// The columns that the model writes, for example with the names of the labels. A model that took the place of another may have others.
/// </param>
public sealed record PerceiverPrediction<TOutput>(TOutput Output, DataViewSchema OutputSchema);
