using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Modules;

/// <summary>Models that run in milliseconds.</summary>
internal static class TinyModels
{
    internal static PerceiverConfig Config { get; } = new()
    {
        NumLatents = 6,
        LatentChannels = 16,
        ModelChannels = 24,
        NumSelfAttendsPerBlock = 2,
        NumBlocks = 2,
        NumSelfAttentionHeads = 2,
        NumCrossAttentionHeads = 2,
        MaxPositionEmbeddings = 40,
        AttentionDropout = 0.1,
    };

    /// <summary>Token ids that differ from row to row, int64 [batch, tokens].</summary>
    internal static Tensor Ids(int batch, int tokens, int seed = 1)
    {
        var random = new Random(seed);
        return tensor(Enumerable.Range(0, batch * tokens).Select(_ => (long)random.Next(6, 262)).ToArray(), batch, tokens);
    }

    /// <summary>Normally distributed numbers, the same for the same seed.</summary>
    internal static Tensor Normal(int seed, params long[] shape)
    {
        using var generator = new Generator((ulong)seed, CPU);
        return randn(shape, generator: generator);
    }

    internal static float MaxDifference(Tensor a, Tensor b)
    {
        CollectionAssert.AreEqual(a.shape, b.shape);
        return (a.detach() - b.detach()).abs().max().to(ScalarType.Float32).item<float>();
    }
}
