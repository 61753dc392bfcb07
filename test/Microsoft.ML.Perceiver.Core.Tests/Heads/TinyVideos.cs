using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Heads;

/// <summary>A multimodal autoencoder that runs in milliseconds, and inputs for it.</summary>
internal static class TinyVideos
{
    internal const int Frames = 2, Height = 8, Width = 12, Samples = 40;

    internal static PerceiverConfig Config { get; } = (TinyModels.Config with
    {
        NumCrossAttentionHeads = 1,
        NumBlocks = 1,
        NumFrames = Frames,
        AudioSamplesPerFrame = Samples / Frames,
        SamplesPerPatch = 5,
        OutputShape = [1, Frames, Height, Width],
        ImageSize = 8,
        OutputNumChannels = 10,
        LabelTrainableNumChannels = 7,
        CrossAttentionShape = "q",
        InitializerRange = 0.1,
    }).WithLabels(["rain", "sun", "wind"]);

    internal static Dictionary<string, Tensor> Inputs(int batch, int seed = 1)
    {
        using var generator = new Generator((ulong)seed, CPU);
        return new()
        {
            ["image"] = rand([batch, Frames, 3, Height, Width], generator: generator),
            ["audio"] = rand([batch, Samples, 1], generator: generator) * 2 - 1,
        };
    }
}
