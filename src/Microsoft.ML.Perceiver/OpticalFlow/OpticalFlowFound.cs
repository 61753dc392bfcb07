namespace Microsoft.ML.Perceiver;

/// <summary>What fitting optical flow finds out.</summary>
/// <param name="Flow">How frames of any size become flow.</param>
internal sealed record OpticalFlowFound(PerceiverOpticalFlowPredictorOptions Flow);
