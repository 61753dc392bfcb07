namespace Microsoft.ML.Perceiver.Tests.Search;

/// <summary>Which trials of a search are hopeless.</summary>
[TestClass]
public sealed class MedianPrunerTests
{
    [TestMethod]
    public void Worse_than_the_median_after_as_many_epochs_is_hopeless()
    {
        var pruner = new PerceiverMedianPruner(higherIsBetter: false, startupTrials: 3, warmupEpochs: 1);
        foreach (var (trial, loss) in new[] { (1, 0.1), (2, 0.2), (3, 0.3) })
        {
            Assert.IsFalse(pruner.Report(trial, 1, loss + 1));
            Assert.IsFalse(pruner.Report(trial, 2, loss));
        }

        Assert.IsFalse(pruner.Report(4, 1, 9), "the first epoch is for warming up");
        Assert.IsTrue(pruner.Report(4, 2, 0.21));
        Assert.IsFalse(pruner.Report(5, 1, 9));
        Assert.IsFalse(pruner.Report(5, 2, 0.2), "the median itself is not worse");
        Assert.IsFalse(pruner.Report(5, 3, 0.9), "no other came so far");
    }

    [TestMethod]
    public void The_best_epoch_so_far_counts()
    {
        var pruner = new PerceiverMedianPruner(higherIsBetter: true, startupTrials: 1, warmupEpochs: 0);
        Assert.IsFalse(pruner.Report(1, 1, 0.5));
        Assert.IsFalse(pruner.Report(1, 2, 0.6));
        Assert.IsFalse(pruner.Report(2, 1, 0.7));
        Assert.IsFalse(pruner.Report(2, 2, 0.1), "it had 0.7");
        Assert.IsTrue(pruner.Report(3, 1, 0.4));
    }

    [TestMethod]
    public void Few_trials_judge_nobody_and_of_two_in_the_middle_the_worse_counts()
    {
        var pruner = new PerceiverMedianPruner(higherIsBetter: true, startupTrials: 2, warmupEpochs: 0);
        Assert.IsFalse(pruner.Report(1, 1, 0.9));
        Assert.IsFalse(pruner.Report(2, 1, 0.1));
        Assert.IsFalse(pruner.Report(3, 1, 0.1));
        Assert.IsFalse(pruner.Report(4, 1, 0.1));
        Assert.IsTrue(pruner.Report(5, 1, 0.05));
    }

    [TestMethod]
    public void No_number_is_hopeless_at_once()
    {
        var pruner = new PerceiverMedianPruner(higherIsBetter: false);
        Assert.IsTrue(pruner.Report(1, 1, double.NaN));
        Assert.IsTrue(pruner.Report(2, 1, double.PositiveInfinity));
    }

    [TestMethod]
    public void Wrong_numbers_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PerceiverMedianPruner(true, startupTrials: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PerceiverMedianPruner(true, warmupEpochs: -1));
        var pruner = new PerceiverMedianPruner(true);
        Assert.ThrowsExactly<ArgumentException>(() => pruner.Report(1, 2, 0));
        pruner.Report(1, 1, 0);
        Assert.ThrowsExactly<ArgumentException>(() => pruner.Report(1, 1, 0));
    }
}
