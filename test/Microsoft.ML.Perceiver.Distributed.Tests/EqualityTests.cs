namespace Microsoft.ML.Perceiver.Tests.Distributed;

/// <summary>Several ranks against one process at the same batches, after twenty steps in float32.</summary>
[TestClass]
public sealed class EqualityTests
{
    [TestMethod]
    [DataRow(2, "optimizer=AdamW kind=language")]
    [DataRow(3, "optimizer=AdamW kind=language")]
    [DataRow(2, "optimizer=Muon kind=words")]
    [DataRow(3, "optimizer=Muon kind=words")]
    [DataRow(3, "optimizer=AdamW kind=classes classes=weighted accumulated=2 epochs=4")]
    [DataRow(2, "optimizer=Muon kind=classes average=90 evaluate=3")]
    [DataRow(2, "optimizer=AdamW kind=language frozen=perceiver.encoder")]
    // The last batch of an epoch has one row, and rank 1 none.
    [DataRow(2, "optimizer=AdamW kind=classes batch=5 rows=51")]
    public void Several_ranks_end_with_the_weights_of_one_process(int ranks, string settings)
    {
        using var folder = new TemporaryFolder();
        MpiProcess.Run(1, $"train {settings} out={folder["one"]}");
        MpiProcess.Run(ranks, $"train {settings} out={folder["all"]}");
        double difference = Weights.Difference(folder["one.0"], folder["all.0"]);
        Assert.IsLessThanOrEqualTo(1e-5, difference);
        for (int rank = 1; rank < ranks; rank++)
            Weights.AssertSame(folder["all.0"], folder[$"all.{rank}"]);
    }

    [TestMethod]
    [DataRow(2, "language")]
    [DataRow(3, "words")]
    [DataRow(2, "classes")]
    public void Gradients_are_those_of_one_process(int ranks, string kind)
    {
        using var folder = new TemporaryFolder();
        MpiProcess.Run(1, $"sgd kind={kind} out={folder["one"]}");
        MpiProcess.Run(ranks, $"sgd kind={kind} out={folder["all"]}");
        Assert.IsLessThanOrEqualTo(1e-6, Weights.Difference(folder["one.0"], folder["all.0"]));
        // Nothing gave these ranks the weights of the first: each made the same steps by itself.
        for (int rank = 1; rank < ranks; rank++)
            Weights.AssertSame(folder["all.0"], folder[$"all.{rank}"]);
    }

    [TestMethod]
    public void Reduced_precision_and_random_numbers_leave_the_ranks_alike()
    {
        using var folder = new TemporaryFolder();
        MpiProcess.Run(2, $"train kind=classes precision=BFloat16 accumulated=2 dropout=20 out={folder["all"]}");
        Weights.AssertSame(folder["all.0"], folder["all.1"]);
        MpiProcess.Run(2, $"train kind=classes precision=BFloat16 accumulated=2 dropout=20 out={folder["again"]}");
        Weights.AssertSame(folder["all.0"], folder["again.0"]);
    }

    [TestMethod]
    public void Ranks_share_the_rows_and_the_first_evaluates()
    {
        string[] lines = MpiProcess.Run(2, "train epochs=1");
        StringAssert.Contains(lines.Single(l => l.StartsWith("0: Completed")), "1 evaluations, 1 of them its own, rows 38,");
        StringAssert.Contains(lines.Single(l => l.StartsWith("1: Completed")), "1 evaluations, 0 of them its own, rows 37,");
        // Progress is the first one's alone.
        Assert.HasCount(10, lines.Where(l => l.StartsWith("step ")).ToArray());
        string[] one = MpiProcess.Run(1, "train epochs=1");
        int Apart(string line) => int.Parse(line.Split("most lengths apart ")[1]);
        Assert.IsLessThanOrEqualTo(Apart(one[^1]), Apart(lines[^1]));
    }
}
