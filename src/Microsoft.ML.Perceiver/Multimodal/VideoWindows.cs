namespace Microsoft.ML.Perceiver;

/// <summary>How a video of any length is cut into windows of the model's, and put together again.</summary>
/// <param name="Extents">The window.</param>
internal sealed record VideoWindows(PerceiverMultimodalExtents Extents)
{
    /// <summary>Values of a frame.</summary>
    internal int FrameValues => 3 * Extents.Height * Extents.Width;

    /// <summary>Samples of a frame.</summary>
    internal int FrameSamples => Extents.Samples / Extents.Frames;

    /// <summary>The first frame of each window. The last window overlaps the one before it where the frames are no multiple.</summary>
    internal int[] StartsOf(int frames)
    {
        var starts = Enumerable.Range(0, frames / Extents.Frames).Select(i => i * Extents.Frames);
        return frames % Extents.Frames == 0 ? [.. starts] : [.. starts, frames - Extents.Frames];
    }

    /// <summary>The frames of a video.</summary>
    internal int CountOf(VideoInput video) => video.Frames.Length / FrameValues;

    /// <summary>The windows of a video.</summary>
    /// <param name="video">The video.</param>
    /// <param name="label">The index of its class; null for none.</param>
    internal IEnumerable<PerceiverVideoExample> Cut(VideoInput video, int? label = null) =>
        StartsOf(CountOf(video)).Select(start => new PerceiverVideoExample(
            video.Frames.AsSpan(start * FrameValues, Extents.Frames * FrameValues).ToArray(),
            video.Samples.AsSpan(start * FrameSamples, Extents.Samples).ToArray(),
            label));

    /// <summary>Joins what came out for each window; where two overlap, the first one's values stand.</summary>
    /// <param name="frames">The video's frames.</param>
    /// <param name="windows">The values of each window.</param>
    /// <param name="perFrame">Values of a frame.</param>
    internal float[] Join(int frames, float[][] windows, int perFrame)
    {
        float[] joined = new float[frames * perFrame];
        int[] starts = StartsOf(frames);
        // Backwards, so that earlier windows are written last.
        for (int i = starts.Length - 1; i >= 0; i--)
            windows[i].CopyTo(joined, starts[i] * perFrame);
        return joined;
    }
}
