namespace Microsoft.ML.Perceiver;

/// <summary>What a multimodal autoencoder reads and writes.</summary>
/// <param name="Frames">Frames of the video.</param>
/// <param name="Height">Height of a frame, in pixels.</param>
/// <param name="Width">Width of a frame, in pixels.</param>
/// <param name="Samples">Samples of the audio, for all frames together.</param>
/// <param name="SamplesPerPatch">Samples that one query gives.</param>
public sealed record PerceiverMultimodalExtents(int Frames, int Height, int Width, int Samples, int SamplesPerPatch)
{
    // The reference's preprocessor of frames cuts them into squares of so many pixels.
    internal const int FramePatch = 4;

    /// <summary>Points of the video: every pixel of every frame.</summary>
    public int ImagePoints => checked(Frames * Height * Width);

    /// <summary>Points of the audio: its patches.</summary>
    public int AudioPoints => Samples / SamplesPerPatch;

    /// <summary>The extents that a configuration's <c>output_shape</c>, <c>num_frames</c> and audio settings give.</summary>
    /// <param name="config">The configuration.</param>
    /// <returns>The extents.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="config"/> is null.</exception>
    /// <exception cref="ArgumentException">The numbers do not fit each other; the message names the key.</exception>
    public static PerceiverMultimodalExtents Of(PerceiverConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var shape = config.OutputShape;
        if (shape.Count != 4 || shape.Any(n => n <= 0))
            throw new ArgumentException($"output_shape is [{string.Join(", ", shape)}]; it needs batch, frames, height and width.");
        if (shape[2] % FramePatch != 0 || shape[3] % FramePatch != 0)
        {
            throw new ArgumentException(
                $"output_shape has frames of {shape[2]} x {shape[3]} pixels; they are read in patches of {FramePatch} x {FramePatch}.");
        }

        if (config.NumFrames <= 0 || config.AudioSamplesPerFrame <= 0 || config.SamplesPerPatch <= 0)
        {
            throw new ArgumentException(
                $"num_frames is {config.NumFrames}, audio_samples_per_frame {config.AudioSamplesPerFrame} and "
                + $"samples_per_patch {config.SamplesPerPatch}; all must be positive.");
        }

        if (shape[1] != config.NumFrames)
            throw new ArgumentException($"output_shape has {shape[1]} frames, num_frames says {config.NumFrames}.");
        int samples = checked(config.NumFrames * config.AudioSamplesPerFrame);
        if (samples % config.SamplesPerPatch != 0)
        {
            throw new ArgumentException(
                $"{config.NumFrames} frames of {config.AudioSamplesPerFrame} samples are no whole patches "
                + $"of {config.SamplesPerPatch} (samples_per_patch).");
        }

        return new PerceiverMultimodalExtents(config.NumFrames, shape[2], shape[3], samples, config.SamplesPerPatch);
    }
}
