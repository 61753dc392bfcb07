using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Runtime;

/// <summary>Numbers that libtorch reads.</summary>
[TestClass]
public sealed class ScalarsTests
{
    [TestMethod]
    public void A_number_outlives_collections_until_others_were_asked_for()
    {
        var number = Ask(0.25);
        Collect();
        Assert.IsTrue(number.IsAlive);
        for (int i = 0; i < 100; i++)
            Scalars.Kept(i);
        Collect();
        Assert.IsFalse(number.IsAlive);
    }

    [TestMethod]
    public void A_number_is_what_was_asked_for()
    {
        using var sum = ones(2).mul_(Scalars.Kept(0.25)).add_(Scalars.One, Scalars.One);
        CollectionAssert.AreEqual(new[] { 1.25f, 1.25f }, sum.data<float>().ToArray());
    }

    // Of a million sums that TorchSharp's operator makes so, five to twenty fail or are wrong.
    [TestMethod]
    [TestCategory("LongRunning")]
    public void Operations_compute_the_same_beside_collections()
    {
        using var x = ones(2, ScalarType.Int64);
        BesideCollections(1_000_000, () =>
        {
            using var scope = NewDisposeScope();
            Assert.AreEqual(5L, x.Plus(x).Times(3).Minus(1)[1].item<long>());
        });
    }

    // A thread collects garbage while a number that nothing refers to would be read.
    private static void BesideCollections(int times, Action action)
    {
        bool ended = false;
        var collecting = Task.Run(() =>
        {
            while (!Volatile.Read(ref ended))
                GC.Collect(0);
        });
        try
        {
            for (int i = 0; i < times; i++)
                action();
        }
        finally
        {
            Volatile.Write(ref ended, true);
            collecting.Wait();
        }
    }

    // In a method of its own, so that nothing here refers to the number.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Ask(double value) => new(Scalars.Kept(value));

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
