namespace Microsoft.ML.Perceiver;

/// <summary>The extents of a graph's inputs that do not change when it runs.</summary>
/// <param name="Height">Rows of an image or frame.</param>
/// <param name="Width">Columns of an image or frame.</param>
/// <param name="Frames">Frames of a video.</param>
/// <param name="Samples">Samples of its audio.</param>
internal sealed record OnnxExtents(int Height, int Width, int Frames, int Samples)
{
    /// <summary>Those of a configuration.</summary>
    internal static OnnxExtents Of(PerceiverConfig config) =>
        new(config.ImageSize, config.ImageSize, config.NumFrames, config.NumFrames * config.AudioSamplesPerFrame);
}
