namespace Microsoft.ML.Perceiver;

/// <summary>What came out for a video: its latents, of which only what a reader asks for is decoded.</summary>
internal sealed class VideoOutput
{
    private readonly Lazy<float[]> _scores;
    private readonly Lazy<float[]> _frames;
    private readonly Lazy<float[]> _samples;

    /// <param name="model">The model.</param>
    /// <param name="windows">How the video was cut.</param>
    /// <param name="count">Its frames.</param>
    /// <param name="latents">The latents of each window.</param>
    internal VideoOutput(MultimodalRunner model, VideoWindows windows, int count, float[][] latents)
    {
        _scores = new(() => Mean(model.Scores(latents)));
        _frames = new(() => windows.Join(count, model.Frames(latents), windows.FrameValues));
        _samples = new(() => windows.Join(count, model.Samples(latents), windows.FrameSamples));
    }

    /// <summary>The probabilities of the labels, the mean over the windows.</summary>
    internal float[] Scores => _scores.Value;

    /// <summary>frames x 3 x height x width, from 0 to 255.</summary>
    internal float[] Frames => _frames.Value;

    /// <summary>The samples of all frames.</summary>
    internal float[] Samples => _samples.Value;

    /// <summary>What the label looks at, window by window; empty where nobody asks for it.</summary>
    internal float[] Attention { get; init; } = [];

    private static float[] Mean(float[][] scores) =>
        [.. Enumerable.Range(0, scores[0].Length).Select(i => scores.Average(window => window[i]))];
}
