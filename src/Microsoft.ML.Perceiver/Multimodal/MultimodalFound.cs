namespace Microsoft.ML.Perceiver;

/// <summary>What fitting a multimodal stage finds out.</summary>
/// <param name="Labels">The labels.</param>
/// <param name="FrameCount">Frames of every row; null where rows may differ.</param>
internal sealed record MultimodalFound(LabelSet Labels, int? FrameCount = null);
