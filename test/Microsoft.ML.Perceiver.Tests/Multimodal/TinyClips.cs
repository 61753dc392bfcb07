using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.Heads;

namespace Microsoft.ML.Perceiver.Tests.Multimodal;

/// <summary>Small videos with audio, and a small autoencoder for them.</summary>
internal static class TinyClips
{
    internal const int Frames = 2, Height = 8, Width = 8, FrameSamples = 10;
    internal const int FrameValues = 3 * Height * Width;

    internal static PerceiverConfig Config { get; } = (TinyVideos.Config with
    {
        AudioSamplesPerFrame = FrameSamples,
        OutputShape = [1, Frames, Height, Width],
        InitializerRange = 0.2,
    }).WithLabels(["bright", "dark", "ü"]);

    internal static PerceiverCheckpoint Checkpoint => PerceiverCheckpoint.FromConfig(Config, 3);

    /// <summary>Videos of one window: bright ones with a high tone, dark ones with a low tone.</summary>
    internal static Clip[] Rows(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var (frames, samples) = Make(random, i % 2 == 0, Frames);
            return new Clip
            {
                Frames = frames,
                Bytes = Array.ConvertAll(frames, v => (byte)v),
                Audio = samples,
                Label = i % 2 == 0 ? "bright" : "dark",
                Id = i,
            };
        })];
    }

    internal static (float[] Frames, float[] Samples) Make(Random random, bool bright, int frames) => (
        [.. Enumerable.Range(0, frames * FrameValues).Select(i => (float)(random.Next(40) + (bright ? 200 : 10)))],
        [.. Enumerable.Range(0, frames * FrameSamples).Select(
            i => MathF.Sin(i * (bright ? 1.5f : 0.4f)) * (0.5f + 0.2f * random.NextSingle()))]);

    internal class AudioRow
    {
        [VectorType(TinyClips.Frames * FrameSamples)]
        public float[] Audio { get; set; } = [];

        public int Id { get; set; }
    }

    internal sealed class Clip : AudioRow
    {
        [VectorType(TinyClips.Frames * FrameValues)]
        public float[] Frames { get; set; } = [];

        [VectorType(TinyClips.Frames * FrameValues)]
        public byte[] Bytes { get; set; } = [];

        public string Label { get; set; } = "";
    }

    /// <summary>Videos of unequal length.</summary>
    internal sealed class FreeClip
    {
        public float[] Frames { get; set; } = [];

        public float[] Audio { get; set; } = [];
    }

    /// <summary>A video of single images.</summary>
    internal sealed class ImageClip
    {
        [Microsoft.ML.Transforms.Image.ImageType(Height, Width)]
        public MLImage? First { get; set; }

        [Microsoft.ML.Transforms.Image.ImageType(Height, Width)]
        public MLImage? Second { get; set; }

        [VectorType(2 * FrameSamples)]
        public float[] Audio { get; set; } = [];
    }
}
