namespace Microsoft.ML.Perceiver.Tests.Heads;

/// <summary>Small models of optical flow, and frames for them.</summary>
internal static class TinyFlow
{
    internal const int Height = 24, Width = 32;

    internal static PerceiverConfig Config { get; } = new()
    {
        NumLatents = 24,
        LatentChannels = 64,
        ModelChannels = 322,
        NumSelfAttendsPerBlock = 2,
        NumSelfAttentionHeads = 4,
        NumCrossAttentionHeads = 2,
        QueryKeyChannels = 64,
        ValueChannels = 64,
        AttentionDropout = 0,
        TrainSize = [Height, Width],
        InitializerRange = 0.1,
        Architectures = [nameof(PerceiverForOpticalFlow)],
    };

    internal static PerceiverCheckpoint Checkpoint { get; } = PerceiverCheckpoint.FromConfig(Config, 3);

    internal static PerceiverForOpticalFlow Model(PerceiverInitialization initialization = PerceiverInitialization.TruncatedNormal) =>
        PerceiverCheckpoint.FromConfig(Config, 3, initialization).Load(c => new PerceiverForOpticalFlow(c, initialize: false)).Model;

    /// <summary>An image of soft blobs.</summary>
    internal static PerceiverImage Image(int height, int width, int seed, double shift = 0)
    {
        byte[] pixels = new byte[height * width * 3];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    double value = Math.Sin(
                        0.7 * (x - shift) + seed + c) + Math.Sin(0.5 * y + 2 * seed) + Math.Sin(0.4 * (x - shift + y) - seed);
                    pixels[(y * width + x) * 3 + c] = (byte)(127 + 40 * value);
                }
            }
        }

        return new PerceiverImage(height, width, 3, pixels);
    }

    internal static PerceiverFlowGenerator Generator(PerceiverFlowGeneratorOptions? options = null) =>
        new(
            [Image(90, 120, 1), Image(100, 80, 5)],
            options ?? new PerceiverFlowGeneratorOptions { Height = Height, Width = Width, MaxShift = 3 });
}
