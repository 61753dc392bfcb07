using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Training;

[TestClass]
public sealed class PerceiverRandomTests
{
    [TestMethod]
    public void Numbers_do_not_change_between_versions()
    {
        using var random = new PerceiverRandom(42);
        int[] drawn = Enumerable.Range(0, 6).Select(_ => random.Next(1000)).ToArray();
        using var again = new PerceiverRandom(42);
        CollectionAssert.AreEqual(drawn, Enumerable.Range(0, 6).Select(_ => again.Next(1000)).ToArray());
        // Computed once from the published algorithms (SplitMix64 seeding, xoshiro256**), so that another .NET cannot change a training.
        CollectionAssert.AreEqual(Reference(42, 6, 1000), drawn);
    }

    [TestMethod]
    public void Numbers_are_spread_evenly()
    {
        using var random = new PerceiverRandom(7);
        int[] counts = new int[10];
        for (int i = 0; i < 100_000; i++)
            counts[random.Next(10)]++;
        Assert.IsTrue(counts.All(c => Math.Abs(c - 10_000) < 500), string.Join(' ', counts));
        Assert.AreEqual(0.5, Enumerable.Range(0, 100_000).Average(_ => random.NextDouble()), 0.01);
        int[] items = Enumerable.Range(0, 100).ToArray();
        random.Shuffle<int>(items);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 100).ToArray(), items);
        Assert.IsGreaterThan(80, items.Where((v, i) => v != i).Count());
    }

    [TestMethod]
    public void Dropout_drops_its_share_and_keeps_the_mean()
    {
        using var scope = NewDisposeScope();
        using var random = new PerceiverRandom(7);
        var x = ones(100_000);
        Assert.AreSame(x, PerceiverRandom.Dropout(x, 0.3, training: false));
        using (random.Use())
        {
            var dropped = PerceiverRandom.Dropout(x, 0.3, training: true);
            Assert.AreEqual(0.3, dropped.eq(0).to(ScalarType.Float32).mean().item<float>(), 0.01);
            Assert.AreEqual(1.0, dropped.mean().item<float>(), 0.01);
        }

        // Outside a training torch's own dropout serves.
        Assert.AreEqual(0.3, PerceiverRandom.Dropout(x, 0.3, training: true).eq(0).to(ScalarType.Float32).mean().item<float>(), 0.01);
    }

    [TestMethod]
    public void What_was_saved_comes_back_also_where_nothing_had_been_drawn_yet()
    {
        using var scope = NewDisposeScope();
        using var random = new PerceiverRandom(7);
        using var used = random.Use();
        var state = random.Save();
        var first = PerceiverRandom.Dropout(ones(100), 0.5, training: true);
        var again = random.Replay(state, () => PerceiverRandom.Dropout(ones(100), 0.5, training: true));
        Assert.IsTrue(first.equal(again).all().item<bool>());
        Assert.IsFalse(first.equal(PerceiverRandom.Dropout(ones(100), 0.5, training: true)).all().item<bool>());
    }

    [TestMethod]
    public void What_is_recomputed_on_another_thread_drops_the_same()
    {
        using var scope = NewDisposeScope();
        using var random = new PerceiverRandom(7);
        var x = ones(1000, requires_grad: true);
        Tensor output;
        using (random.Use())
        {
            output = Recomputation.Run(h => PerceiverRandom.Dropout(h, 0.5, training: true), x, []);
            PerceiverRandom.Dropout(x, 0.5, training: true);
        }

        // As torch does for GPUs. The slope is what was kept of ones.
        var thread = new Thread(() => output.sum().backward());
        thread.Start();
        thread.Join();
        Assert.IsTrue(output.equal(x.grad!).all().item<bool>());
    }

    private static int[] Reference(ulong seed, int count, ulong below)
    {
        ulong x = seed;
        ulong Split()
        {
            ulong z = x += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }

        ulong[] s = [Split(), Split(), Split(), Split()];
        return Enumerable.Range(0, count).Select(_ =>
        {
            ulong result = ulong.RotateLeft(s[1] * 5, 7) * 9, t = s[1] << 17;
            s[2] ^= s[0];
            s[3] ^= s[1];
            s[1] ^= s[2];
            s[0] ^= s[3];
            s[2] ^= t;
            s[3] = ulong.RotateLeft(s[3], 45);
            return (int)(((UInt128)result * below) >> 64);
        }).ToArray();
    }
}
