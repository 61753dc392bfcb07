namespace Microsoft.ML.Perceiver.Tests.Distributed;

/// <summary>What is refused before the first step, and how a rank that fails ends the others.</summary>
[TestClass]
public sealed class RefusalTests
{
    [TestMethod]
    [DataRow(2, "rank1.batch=4", "Rank 1 trains otherwise than rank 0: Training.BatchSize is 8 on rank 0 and 4 on rank 1.")]
    [DataRow(3, "rank2.optimizer=Muon", "Rank 2 trains otherwise than rank 0: Training.Optimizer is \"AdamW\" on rank 0 and \"Muon\"")]
    [DataRow(2, "rank1.latents=5", "Rank 1 trains otherwise than rank 0: Model.num_latents is 6 on rank 0 and 5 on rank 1.")]
    [DataRow(2, "rank1.rows=74", "Rank 1 trains otherwise than rank 0: Rows is 75 on rank 0 and 74 on rank 1.")]
    [DataRow(2, "rank1.changed=3", "Rank 1 trains otherwise than rank 0: ObjectiveSettings.TrainingData is ")]
    [DataRow(2, "rank1.changed=77", "Rank 1 trains otherwise than rank 0: ObjectiveSettings.ValidationData is ")]
    [DataRow(2, "rank1.nudged=1", "Rank 1 trains otherwise than rank 0: Weights.embedding_decoder.bias is ")]
    [DataRow(2, "rank1.epochs=0", "Rank 1: Epochs must be positive.")]
    public void Ranks_that_differ_are_refused_before_the_first_step(int ranks, string settings, string message)
    {
        var (code, output, error) = MpiProcess.Finish(MpiProcess.Start(ranks, $"train {settings}"));
        Assert.AreNotEqual(0, code);
        StringAssert.Contains(error, message);
        Assert.DoesNotContain("step 1", output);
    }

    [TestMethod]
    public void A_rank_that_fails_in_a_step_ends_the_others_and_says_why()
    {
        string error = MpiProcess.Fail(3, "train rank1.fail=4");
        StringAssert.Contains(error, "Rank 1 failed, which ends all ranks. System.IO.InvalidDataException: Batch 4 cannot be read.");
    }

    [TestMethod]
    public void A_program_that_throws_on_one_rank_ends_the_others() =>
        StringAssert.Contains(MpiProcess.Fail(2, "throw"), "Rank 1 of 2 failed, which ends all of them. System.IO.InvalidDataException");

    [TestMethod]
    public void Any_rank_may_cancel_and_all_end_with_the_same_weights()
    {
        using var folder = new TemporaryFolder();
        string[] lines = MpiProcess.Run(2, $"train epochs=3 rank1.cancel=14 out={folder["all"]}");
        Assert.HasCount(14, lines.Where(l => l.StartsWith("step ")).ToArray());
        Assert.HasCount(2, lines.Where(l => l.Contains(": Cancelled, best 10, 1 evaluations")).ToArray());
        Weights.AssertSame(folder["all.0"], folder["all.1"]);
    }

    [TestMethod]
    public void Early_stopping_is_the_same_on_every_rank()
    {
        string settings = "train kind=classes epochs=30 evaluate=1 patience=3";
        string one = MpiProcess.Run(1, settings)[^1];
        string[] lines = [.. MpiProcess.Run(2, settings).Where(l => l.Contains(": EarlyStopped, "))];
        Assert.HasCount(2, lines);
        foreach (string line in lines)
            Assert.AreEqual(one[3..one.IndexOf("evaluations")], line[3..line.IndexOf("evaluations")]);
    }
}
