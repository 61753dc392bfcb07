namespace Microsoft.ML.Perceiver;

/// <summary>A <see cref="LabelSet"/> in a model file.</summary>
/// <param name="Type">The type of the labels; null for a key without values.</param>
/// <param name="Names">The labels as text.</param>
internal sealed record LabelSetData(string? Type, IReadOnlyList<string> Names);
