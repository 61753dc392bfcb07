using System.Diagnostics;
using BatchScore.Planning;
using BatchScore.Running;
using Microsoft.ML.Perceiver.Tests.Runtime;

namespace Microsoft.ML.Perceiver.BatchScore.Tests;

/// <summary>Processes that are killed, others that go on, and what they leave.</summary>
[TestClass]
public sealed class ResumeTests : IDisposable
{
    private const int Rows = 6_000, RowsPerShard = 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private string _model = "";

    [TestInitialize]
    public void Write()
    {
        _model = TestModels.Text(_folder);
        foreach (int file in Enumerable.Range(0, 3))
            File.WriteAllLines(_folder[$"{file}.txt"], Enumerable.Range(0, Rows / 3).Select(i => $"Text {i} of file {file}"));
    }

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public async Task A_run_that_is_killed_goes_on_and_ends_with_what_it_would_have_had()
    {
        var job = Job("killed");
        string[] arguments = job.Arguments("--rows-per-shard", $"{RowsPerShard}", "--processes", "2", "--threads", "1");
        for (int kill = 1; kill <= 2; kill++)
        {
            using var process = OwnProgram.Start(arguments);
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await WaitForAsync(() => process.HasExited || Done(job) > kill * 20);
            // Its workers are left without a parent.
            process.Kill();
            await process.WaitForExitAsync();
            await Task.WhenAll(output, error);
        }

        int before = Done(job);
        Assert.IsLessThan(Rows / RowsPerShard, before);
        var run = await ProgramRun.OfAsync("BatchScore.dll", [.. arguments, "--summary", _folder["figures.tsv"]]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Output, "Next: ");
        var plan = job.Plan();
        Assert.AreEqual(new Verification(Rows / RowsPerShard, Rows, 0, 0, 0), Verification.Of(job.Folder, plan));
        StringAssert.Contains(File.ReadAllText(_folder["figures.tsv"]), "rows_lost\t0\trows");
        Assert.IsEmpty(Directory.GetFiles(job.Folder.Work, "*.tmp"));
        var whole = Job("whole");
        whole.Score();
        foreach (var shard in plan.Shards)
        {
            string expected = File.ReadAllText(whole.Folder.Output(shard.Number, "tsv"));
            Assert.AreEqual(expected, File.ReadAllText(job.Folder.Output(shard.Number, "tsv")), $"shard {shard.Number}");
        }
    }

    [TestMethod]
    public async Task A_worker_whose_parent_ends_stops_by_itself()
    {
        var job = Job("orphan");
        job.Plan();
        // It waits for this shard, and so has not ended before.
        using var held = FileLock.TryTake(job.Folder.Lock(0));
        using var worker = OwnProgram.Start(["worker", "--out", job.Folder.FullPath, "--model", _model, "--threads", "1"]);
        Assert.AreNotEqual("", await worker.StandardOutput.ReadLineAsync());
        worker.StandardInput.Close();
        await EndAsync(worker);
        Assert.AreEqual(ParentWatch.Orphaned, worker.ExitCode);
        Assert.IsFalse(File.Exists(job.Folder.Output(0, "tsv")));
    }

    [TestMethod]
    public async Task A_shard_that_another_process_has_is_left_alone_until_it_is_free()
    {
        var job = Job("shared");
        var plan = job.Plan();
        string others = job.Folder.Unfinished(3);
        var held = FileLock.TryTake(job.Folder.Lock(3));
        Assert.IsNotNull(held);
        File.WriteAllText(others, "half of a shard");
        using var worker = OwnProgram.Start(["worker", "--out", job.Folder.FullPath, "--model", _model, "--threads", "1"]);
        await WaitForAsync(() => Done(job) == plan.Shards.Count - 1 || worker.HasExited);
        await Task.Delay(500);
        Assert.IsFalse(worker.HasExited);
        Assert.IsTrue(File.Exists(others));
        Assert.IsFalse(File.Exists(job.Folder.Output(3, "tsv")));
        // As the system does when the other process is killed.
        held.Dispose();
        await EndAsync(worker);
        Assert.AreEqual(0, worker.ExitCode);
        Assert.IsFalse(File.Exists(others));
        Assert.IsTrue(Verification.Of(job.Folder, plan).IsRight);
    }

    [TestMethod]
    public async Task A_worker_that_is_killed_is_replaced()
    {
        var job = Job("replaced");
        var plan = job.Plan();
        bool isKilled = false;
        using var coordinator = new Coordinator(job.Folder, new WorkerOptions { Model = _model, Restarts = 1 }, (shard, _) =>
        {
            if (isKilled)
                return;
            isKilled = true;
            using var process = Process.GetProcessById(ShardRecord.Read(job.Folder.Record(shard)).Process);
            process.Kill();
        });
        await coordinator.RunAsync().WaitAsync(s_patience);
        Assert.IsTrue(isKilled);
        Assert.IsTrue(Verification.Of(job.Folder, plan).IsRight);
    }

    [TestMethod]
    public async Task Tasks_of_a_scheduler_score_shards_of_their_own()
    {
        var job = Job("tasks");
        string[] arguments = job.Arguments("--rows-per-shard", "700", "--threads", "1");
        var first = await ProgramRun.OfAsync("BatchScore.dll", [.. arguments, "--shard", "0/2"]);
        Assert.AreEqual(0, first.ExitCode, first.Error);
        string[] names = ["shard-00000.tsv", "shard-00002.tsv", "shard-00004.tsv", "shard-00006.tsv", "shard-00008.tsv"];
        CollectionAssert.AreEqual(names, Directory.GetFiles(job.Folder.FullPath, "shard-*").Select(Path.GetFileName).Order().ToArray());
        var second = await ProgramRun.OfAsync("BatchScore.dll", [.. arguments, "--shard", "1/2"]);
        Assert.AreEqual(0, second.ExitCode, second.Error);
        Assert.AreEqual(new Verification(9, Rows, 0, 0, 0), Verification.Of(job.Folder, PlanFiles.Read(job.Folder.Plan)));
    }

    [TestMethod]
    public async Task What_is_wrong_with_a_row_ends_the_command_with_its_name()
    {
        string model = TestModels.Numbers(_folder);
        File.WriteAllText(_folder["bad.csv"], "A,B\n1,2\n3\n");
        var job = new TestJob(model, [_folder["bad.csv"]], _folder["bad"]);
        var run = await ProgramRun.OfAsync("BatchScore.dll", job.Arguments("--processes", "2", "--threads", "1"));
        Assert.AreEqual(1, run.ExitCode);
        Assert.AreEqual(
            $"'{_folder["bad.csv"]}', row 2: it has 1 fields; the header names 2. --skip-bad leaves such rows out and lists them.\n",
            run.Error);
    }

    [TestMethod]
    public void Rows_that_are_lost_twice_or_misplaced_are_found()
    {
        var job = Job("damaged");
        var plan = job.Score();
        string[] paths = [.. Enumerable.Range(0, 3).Select(shard => job.Folder.Output(shard, "tsv"))];
        string[] lines = File.ReadAllLines(paths[0]);
        File.WriteAllLines(paths[0], [.. lines[..5], .. lines[6..]]);
        File.AppendAllLines(paths[1], [lines[1]]);
        File.Delete(paths[2]);
        Assert.AreEqual(
            new Verification(plan.Shards.Count - 1, Rows - 1 - RowsPerShard, 0, 1 + RowsPerShard, 1), Verification.Of(job.Folder, plan));
    }

    private TestJob Job(string name) => new(_model, [_folder["*.txt"]], _folder[name])
    {
        Options = new JobOptions { ModelHash = "", Format = "lines", RowsPerShard = RowsPerShard },
    };

    private static int Done(TestJob job) =>
        Directory.Exists(job.Folder.FullPath) ? Directory.GetFiles(job.Folder.FullPath, "shard-*.tsv").Length : 0;

    private static async Task WaitForAsync(Func<bool> isReached)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (!isReached())
            await Task.Delay(5, patience.Token);
    }

    private static async Task EndAsync(Process process)
    {
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(s_patience);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }

        await output;
        Assert.AreEqual("", await error);
    }
}
