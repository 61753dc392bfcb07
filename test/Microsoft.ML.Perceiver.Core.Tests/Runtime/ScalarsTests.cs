using System.Runtime.CompilerServices;

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
        using var sum = TorchSharp.torch.ones(2).mul_(Scalars.Kept(0.25)).add_(Scalars.One, Scalars.One);
        CollectionAssert.AreEqual(new[] { 1.25f, 1.25f }, sum.data<float>().ToArray());
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
