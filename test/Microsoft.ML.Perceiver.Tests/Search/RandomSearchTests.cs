using AutoML;

namespace Microsoft.ML.Perceiver.Tests.Search;

/// <summary>The sample's own search over the attributes.</summary>
[TestClass]
public sealed class RandomSearchTests
{
    [TestMethod]
    public void The_defaults_come_first_and_then_chance_within_the_limits()
    {
        var search = new RandomSearch<PerceiverTextSearchOptions>(seed: 1);
        search["Epochs"].Limit(6);
        var first = search.Propose();
        Assert.AreEqual((6, 1e-3, PerceiverModelSize.Small), (first.Epochs, first.LearningRate, first.Size));
        PerceiverTextSearchOptions[] drawn = [.. Enumerable.Range(0, 500).Select(_ => search.Propose())];
        CollectionAssert.AreEquivalent(new[] { 4, 5, 6 }, drawn.Select(o => o.Epochs).Distinct().ToArray());
        CollectionAssert.AreEquivalent(Enum.GetValues<PerceiverModelSize>(), drawn.Select(o => o.Size).Distinct().ToArray());
        CollectionAssert.AreEquivalent(new[] { true, false }, drawn.Select(o => o.BalanceClasses).Distinct().ToArray());
        Assert.IsTrue(drawn.All(o => o.LearningRate is >= 1e-4 and <= 5e-3 && o.TokenDropout is >= 0 and <= 0.3));
        // Half of the draws of a logarithmic range lie below the geometric mean of its ends.
        Assert.AreEqual(0.5, drawn.Count(o => o.LearningRate < Math.Sqrt(1e-4 * 5e-3)) / 500.0, 0.1);
    }

    [TestMethod]
    public void The_same_seed_proposes_the_same()
    {
        var (a, b) = (new RandomSearch<PerceiverImageSearchOptions>(3), new RandomSearch<PerceiverImageSearchOptions>(3));
        for (int i = 0; i < 5; i++)
            Assert.AreEqual(a.Propose().LearningRate, b.Propose().LearningRate);
    }

    [TestMethod]
    public void Limits_outside_a_range_and_of_choices_are_refused()
    {
        var search = new RandomSearch<PerceiverTextSearchOptions>(seed: 1);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => search["Epochs"].Limit(31));
        Assert.ThrowsExactly<InvalidOperationException>(() => search["Size"].Limit(1));
        Assert.ThrowsExactly<ArgumentException>(() => search["Size"].Only());
        Assert.ThrowsExactly<ArgumentException>(() => search["BatchSize"].Only(7));
        Assert.ThrowsExactly<ArgumentException>(() => search["Epochs"].Only(5));
        search["Size"].Only(PerceiverModelSize.Tiny);
        Assert.AreEqual(PerceiverModelSize.Tiny, search.Propose().Size);
        Assert.AreEqual(PerceiverModelSize.Tiny, search.Propose().Size);
    }
}
