using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Modules;

/// <summary>Models that run in milliseconds, and how their results are compared.</summary>
internal static class TinyModels
{
    /// <summary>
    /// The share of 1 + max |expected| by which float32 results may differ where a processor, or another order of the same products, rounds
    /// differently; the parity suite has it too. A number is rounded by at most 2^-24 of it, a sum of n products by sqrt(n) times that on
    /// average. A tiny model has some 40 sums of up to 64 products one after the other: sqrt(40 * 64) * 2^-24 = 3e-6 on average, and the
    /// largest of some thousand results is five to six times as far out. A mistake changes results by far more where weights are as large
    /// as 0.1 or more; the default, 0.02, would hide many.
    /// </summary>
    internal const float Rounding = 2e-5f;

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

    /// <summary>
    /// Tensors before what is tested, once those that earlier tests left to the garbage collector are gone, so that they do not go
    /// meanwhile. The count afterwards is <see cref="Tensor.TotalCount"/>: another collection would take what nobody disposed of.
    /// </summary>
    internal static long TensorsBefore()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }

    /// <summary>
    /// The largest difference; one that is no number fails the test, as it would be below every bound in .NET's order of numbers.
    /// </summary>
    internal static float MaxDifference(Tensor a, Tensor b)
    {
        CollectionAssert.AreEqual(a.shape, b.shape);
        float difference = (a.detach() - b.detach()).abs().max().to(ScalarType.Float32).item<float>();
        Assert.IsFalse(float.IsNaN(difference), "a difference is no number");
        return difference;
    }

    /// <summary>Asserts that results are the same but for <see cref="Rounding"/>.</summary>
    internal static void AssertSame(Tensor expected, Tensor actual, string? what = null)
    {
        using var scope = NewDisposeScope();
        float bound = Rounding * (1 + expected.detach().abs().max().item<float>());
        Assert.IsLessThanOrEqualTo(bound, MaxDifference(expected, actual), what);
    }

    /// <inheritdoc cref="AssertSame(Tensor, Tensor, string?)"/>
    internal static void AssertSame(float[] expected, float[] actual, string? what = null)
    {
        using var scope = NewDisposeScope();
        AssertSame(tensor(expected), tensor(actual), what);
    }
}
