namespace Microsoft.ML.Perceiver;

/// <summary>A video as the model reads it, of one window or more.</summary>
/// <param name="Frames">frames x 3 x height x width.</param>
/// <param name="Samples">The samples of all frames.</param>
internal sealed record VideoInput(byte[] Frames, float[] Samples);
