using System.Globalization;
using BatchScore.Inputs;
using BatchScore.Planning;
using BatchScore.Running;
using Microsoft.ML;
using Samples;
using Spectre.Console;

namespace BatchScore.Demo;

/// <summary>What the command does without a model and inputs: texts in one process and in two, and again while it is killed.</summary>
internal static class Demonstration
{
    private const string ModelPath = "MyModel.mlnet";
    private const int Rounds = 3, Shards = 32;

    /// <summary>Runs it.</summary>
    /// <param name="rows">How many texts there are; half of them in each run that is measured.</param>
    /// <param name="kills">How often the job is killed.</param>
    /// <param name="isTiny">Whether the model is a tiny one.</param>
    /// <param name="summary">The file for the figures; null for none.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(int rows, int kills, bool isTiny, string? summary)
    {
        SavedModel.CheckWritable(ModelPath);
        var mlContext = new MLContext(seed: 1);
        if (isTiny)
            MyModel.TrainTiny(mlContext, ModelPath);
        else
            MyModel.SaveSpamFilter(mlContext, ModelPath);
        string folder = Directory.CreateTempSubdirectory("batch-score-").FullName;
        try
        {
            var (one, two, scaling) = await CompareAsync(folder, Math.Max(rows / 2, Shards)).ConfigureAwait(false);
            var (figures, found, killed) = await KillAsync(folder, rows, kills).ConfigureAwait(false);
            // Between two kills nobody scores.
            figures = figures with { RowsPerSecond = two };
            var table = new Table().Title($"{rows:n0} texts").AddColumns("", "");
            table.AddRow("one process of one thread", $"{one:n0} rows/s");
            table.AddRow("two processes of one thread each", $"{two:n0} rows/s, {scaling:f2} times");
            table.AddRow("killed, and gone on", $"{killed} times");
            table.AddRow("rows lost, rows misplaced", $"{found.Lost}, {found.Misplaced}");
            AnsiConsole.Write(table);
            Figures.Write(
                summary,
                [.. SummaryFigures.Of(figures, found), ("kills", killed, "kills"), ("scaling_2_over_1", scaling, "times")]);
            NextSteps.Write(NextSteps.Run("BatchScore", "--model", ModelPath, "--input", "FILES", "--out", "scores", "--processes", "2"));
            return found.IsRight ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // In turn, as other programs may use the processors too; the medians of the rounds.
    private static async Task<(double One, double Two, double Scaling)> CompareAsync(string folder, int rows)
    {
        string texts = Path.Combine(folder, "few");
        DemoTexts.Write(texts, rows);
        int rowsPerShard = (rows + Shards - 1) / Shards;
        var rates = new[] { new List<double>(), new List<double>() };
        for (int round = 0; round < Rounds; round++)
        {
            for (int processes = 1; processes <= 2; processes++)
            {
                var job = new OutFolder(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"few-{round}-{processes}")));
                var (figures, _) = await ScoreAsync(job, texts, rowsPerShard, processes).ConfigureAwait(false);
                rates[processes - 1].Add(figures.RowsPerSecond);
            }
        }

        return (Median(rates[0]), Median(rates[1]), Median(rates[1].Zip(rates[0], (two, one) => two / one)));
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private static async Task<(RunFigures Figures, Verification Found, int Kills)> KillAsync(string folder, int rows, int kills)
    {
        string texts = Path.Combine(folder, "texts");
        DemoTexts.Write(texts, rows);
        var job = new OutFolder(Path.Combine(folder, "scores"));
        int rowsPerShard = Math.Max(1, rows / 100);
        Console.WriteLine($"The same for {rows:n0} texts, in two processes, killed {kills} times at random:");
        var test = new KillTest(
            [
                "--model", ModelPath, "--input", texts, "--out", job.FullPath, "--processes", "2", "--threads", "1",
                "--rows-per-shard", rowsPerShard.ToString(CultureInfo.InvariantCulture),
            ],
            job,
            shards: 100);
        int killed = await test.RunAsync(kills, new Random()).ConfigureAwait(false);
        var plan = PlanFiles.Read(job.Plan);
        return (RunFigures.Of(job, [.. plan.Shards.Select(shard => shard.Number)]), Verification.Of(job, plan), killed);
    }

    private static Task<(RunFigures Figures, Verification Found)> ScoreAsync(OutFolder job, string input, int rowsPerShard, int processes)
    {
        var (files, format) = InputFiles.Find([input], format: null, job.FullPath);
        var options = new JobOptions { ModelHash = Planner.Hash(ModelPath), Format = format, RowsPerShard = rowsPerShard };
        var plan = Planner.Ensure(job, ModelPath, options, files);
        Console.WriteLine($"{processes} {(processes == 1 ? "process" : "processes")} of one thread:");
        return Job.RunAsync(job, plan, new WorkerOptions { Model = Path.GetFullPath(ModelPath), Processes = processes, Threads = 1 });
    }
}
