using System.Diagnostics;

namespace Microsoft.ML.Perceiver.Tests.Distributed;

/// <summary>Run folders of several ranks, one of which is killed.</summary>
[TestClass]
public sealed class RankDeathTests
{
    private const string Training = "train epochs=4 dropout=10 average=90 evaluate=7";

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void A_killed_rank_ends_the_others_and_the_run_goes_on_bit_for_bit(int killed)
    {
        using var folder = new TemporaryFolder();
        MpiProcess.Run(2, $"{Training} folder={folder["whole"]} out={folder["whole-weights"]}");

        using (var process = MpiProcess.Start(2, $"{Training} pause=40 folder={folder["run"]}"))
        {
            var ids = new Dictionary<int, int>();
            while (process.StandardOutput.ReadLine() is { } line && !line.StartsWith("step 9 ", StringComparison.Ordinal))
            {
                if (line.Split(": process ") is [var rank, var id])
                    ids[int.Parse(rank)] = int.Parse(id);
            }

            var clock = Stopwatch.StartNew();
            Process.GetProcessById(ids[killed]).Kill();
            var (code, _, _) = MpiProcess.Finish(process);
            Assert.AreNotEqual(0, code);
            Assert.ThrowsExactly<ArgumentException>(() => Process.GetProcessById(ids[1 - killed]).WaitForExit());
            Assert.IsLessThan(30, clock.Elapsed.TotalSeconds);
        }

        string[] rest = MpiProcess.Run(2, $"{Training} folder={folder["run"]} out={folder["run-weights"]}");
        int first = rest.Where(l => l.StartsWith("step ")).Min(l => int.Parse(l.Split(' ')[1]));
        Assert.IsTrue(first is > 3 and < 11, $"It went on at step {first}.");
        for (int rank = 0; rank < 2; rank++)
            Weights.AssertSame(folder[$"whole-weights.{rank}"], folder[$"run-weights.{rank}"]);
        CollectionAssert.AreEqual(Steps(folder["whole"]), Steps(folder["run"]));
        Weights.AssertSame(folder["whole/best/model.safetensors"], folder["run/best/model.safetensors"]);
    }

    [TestMethod]
    public void Another_number_of_ranks_does_not_go_on()
    {
        using var folder = new TemporaryFolder();
        string training = $"train epochs=1 folder={folder["run"]}";
        MpiProcess.Run(2, training);
        StringAssert.Contains(MpiProcess.Fail(3, training), "holds another training: Ranks was 2 and is 3.");
        StringAssert.Contains(MpiProcess.Fail(1, training), "holds another training: Ranks was 2 and is 1.");
        // It is whole, and as many as began may read its result.
        CollectionAssert.Contains(MpiProcess.Run(2, training).Select(l => l.Split(',')[0]).ToArray(), "1: Completed");

        string alone = $"train epochs=1 folder={folder["alone"]}";
        MpiProcess.Run(1, alone);
        StringAssert.Contains(MpiProcess.Fail(2, alone), "holds another training: Ranks was 1 and is 2.");
        Assert.DoesNotContain("Communicator", File.ReadAllText(folder["run/config.json"]));
    }

    // Without the columns that tell the time.
    private static string[] Steps(string run) =>
        [.. File.ReadAllLines(Path.Combine(run, "steps.csv")).Select(l => string.Join(',', l.Split(',').Take(5)))];
}
