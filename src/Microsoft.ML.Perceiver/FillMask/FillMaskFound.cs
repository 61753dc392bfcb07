namespace Microsoft.ML.Perceiver;

/// <summary>What fitting a fill-mask finds out.</summary>
/// <param name="MaxLength">The longest text in tokens.</param>
internal sealed record FillMaskFound(int MaxLength);
