using BatchScore.Inputs;
using BatchScore.Planning;

namespace Microsoft.ML.Perceiver.BatchScore.Tests;

/// <summary>Shards have each row once, and a plan is of one job only.</summary>
[TestClass]
public sealed class PlanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(5)]
    [DataRow(7)]
    [DataRow(100)]
    public void Lines_of_several_files_are_in_one_shard_each(int rowsPerShard)
    {
        string model = TestModels.Text(_folder);
        // A byte order mark, both line ends, an empty file, empty lines, an end without a line feed.
        File.WriteAllText(_folder["1.txt"], "\uFEFFone\r\ntwo\n\nfour", new System.Text.UTF8Encoding(false));
        File.WriteAllText(_folder["2.txt"], "");
        File.WriteAllText(_folder["3.txt"], "five\nsix\nsevén\n\n");
        File.WriteAllText(_folder["4.txt"], "nine\n");
        var job = new TestJob(model, [_folder["*.txt"]], _folder["out"]) { Options = Options(rowsPerShard) };
        var plan = job.Score();
        Assert.AreEqual(9, plan.Rows);
        CollectionAssert.AreEqual(
            new[] { "1:1:one", "1:2:two", "1:3:", "1:4:four", "3:1:five", "3:2:six", "3:3:seven", "3:4:", "4:1:nine" },
            Short(job.Lines(plan)));
        Assert.HasCount((9 + rowsPerShard - 1) / rowsPerShard, plan.Shards);
        Assert.IsTrue(plan.Shards.SkipLast(1).All(shard => shard.Rows == rowsPerShard));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(100)]
    public void Records_of_several_tables_are_in_one_shard_each(int rowsPerShard)
    {
        string model = TestModels.Text(_folder);
        // Fields in another order, blank lines, and line feeds and delimiters between quotes.
        File.WriteAllText(_folder["1.csv"], "Id,Text\r\n1,\"a,\nb\"\r\n\r\n2,\"c \"\"d\"\"\"\n3,e\n\n");
        File.WriteAllText(_folder["2.csv"], "Text,Id\n\"f\",4\ng,5");
        var job = new TestJob(model, [_folder["*.csv"]], _folder["out"]) { Options = Options(rowsPerShard) };
        var plan = job.Score();
        CollectionAssert.AreEqual(new[] { "1:1:a,\\nb", "1:2:c \"d\"", "1:3:e", "2:1:f", "2:2:g" }, Short(job.Lines(plan)));
    }

    [TestMethod]
    public void Rows_longer_than_the_buffer_are_found()
    {
        string model = TestModels.Text(_folder);
        string[] lines = [.. Enumerable.Range(0, 5).Select(i => new string((char)('a' + i), 200_000 * (i + 1)))];
        File.WriteAllLines(_folder["long.txt"], lines);
        var job = new TestJob(model, [_folder["long.txt"]], _folder["out"]) { Options = Options(2) };
        CollectionAssert.AreEqual(lines, job.Lines(job.Score()).Select(line => line.Split('\t')[2]).ToArray());
    }

    [TestMethod]
    public void A_plan_that_is_read_is_the_one_that_was_written()
    {
        string model = TestModels.Text(_folder);
        string path = _folder["odd\tname.txt"];
        File.WriteAllLines(path, ["a", "b", "c"]);
        var job = new TestJob(model, [_folder["*.txt"]], _folder["out"]) { Options = Options(2) };
        var read = job.Plan();
        var made = Planner.Make(model, read.Options, [InputFile.Of(path, path)]);
        CollectionAssert.AreEqual(made.Inputs.ToArray(), read.Inputs.ToArray());
        CollectionAssert.AreEqual(made.Shards.ToArray(), read.Shards.ToArray());
        Assert.IsNull(PlanDifference.Of(made.Options, read.Options));
    }

    [TestMethod]
    public void Of_processes_that_plan_at_once_all_have_the_same()
    {
        string model = TestModels.Text(_folder);
        File.WriteAllLines(_folder["a.txt"], Enumerable.Range(0, 100).Select(i => $"{i}"));
        var job = new TestJob(model, [_folder["a.txt"]], _folder["out"]) { Options = Options(7) };
        var plans = new Plan[4];
        Parallel.For(0, plans.Length, i => plans[i] = job.Plan());
        Assert.IsTrue(plans.All(plan => plan.Shards.SequenceEqual(plans[0].Shards)));
        Assert.IsEmpty(Directory.GetDirectories(_folder["out"], "*.tmp"));
    }

    [TestMethod]
    public void Another_job_is_refused_and_the_difference_named()
    {
        string model = TestModels.Text(_folder);
        File.WriteAllLines(_folder["a.txt"], ["a", "b"]);
        File.WriteAllLines(_folder["b.txt"], ["c"]);
        string[] inputs = [_folder["a.txt"], _folder["b.txt"]];
        new TestJob(model, inputs, _folder["out"]).Plan();
        Refused("--rows-per-shard is 3 and was 10000", model, inputs, Options(3));
        Refused("--skip-bad is true and was false", model, inputs, Options(10_000) with { SkipBad = true });
        Refused("SHA-256 of --model is ", TestModels.Numbers(_folder), inputs, Options(10_000));
        Refused($"there are 1 inputs and were 2, '{inputs[1]}' is missing", model, inputs[..1], Options(10_000));
        Refused($"'{inputs[1]}' stands where '{inputs[0]}' stood", model, [inputs[1], inputs[0]], Options(10_000));
        File.SetLastWriteTimeUtc(inputs[0], DateTime.UtcNow.AddHours(1));
        Refused($"'{inputs[0]}' was written at ", model, inputs, Options(10_000));
        File.AppendAllText(inputs[0], "d\n");
        Refused($"'{inputs[0]}' has 6 bytes and had 4", model, inputs, Options(10_000));
    }

    [TestMethod]
    public void An_input_that_changes_after_the_plan_stops_its_shard()
    {
        string model = TestModels.Text(_folder);
        File.WriteAllLines(_folder["a.txt"], ["a", "b"]);
        var job = new TestJob(model, [_folder["a.txt"]], _folder["out"]);
        var plan = job.Plan();
        File.AppendAllText(_folder["a.txt"], "c\n");
        using var loaded = global::BatchScore.Scoring.ScoringModel.Load(model, plan.Options, gpu: null);
        var scorer = new global::BatchScore.Running.ShardScorer(job.Folder, plan, loaded, CancellationToken.None);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => scorer.TryScore(plan.Shards[0]));
        StringAssert.Contains(error.Message, $"'{_folder["a.txt"]}' has 6 bytes and had 4");
        Assert.IsFalse(scorer.IsDone(plan.Shards[0]));
        Assert.IsEmpty(job.Folder.AllUnfinished(0));
    }

    [TestMethod]
    public void Tasks_of_a_scheduler_are_numbered_from_0()
    {
        Assert.AreEqual(new ShardPart(0, 3), ShardPart.Parse("0/3"));
        Assert.IsNull(ShardPart.Parse(null));
        foreach (string text in new[] { "3/3", "-1/3", "1", "1/2/3", "a/b", "1/ 2" })
            Assert.ThrowsExactly<ArgumentException>(() => ShardPart.Parse(text), text);
    }

    private static JobOptions Options(int rowsPerShard) => new() { ModelHash = "", Format = "lines", RowsPerShard = rowsPerShard };

    private static string[] Short(string[] lines) => Array.ConvertAll(lines, line =>
    {
        string[] fields = line.Split('\t');
        return $"{Path.GetFileNameWithoutExtension(fields[0])}:{fields[1]}:{fields[2]}";
    });

    private void Refused(string difference, string model, string[] inputs, JobOptions options)
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => new TestJob(model, inputs, _folder["out"]) { Options = options }.Plan());
        StringAssert.StartsWith(error.Message, $"'{_folder["out"]}' has the plan of another job: {difference}");
    }
}
