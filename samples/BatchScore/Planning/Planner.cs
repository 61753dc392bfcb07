using System.Security.Cryptography;
using BatchScore.Inputs;
using BatchScore.Running;
using BatchScore.Scoring;

namespace BatchScore.Planning;

/// <summary>Makes the plan of a job, or finds the one that is there.</summary>
internal static class Planner
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    /// <summary>The plan of a job. Of several processes that ask at once, one makes it, and the others wait.</summary>
    /// <param name="folder">The job's folder.</param>
    /// <param name="model">The model's file.</param>
    /// <param name="options">What decides the outputs.</param>
    /// <param name="inputs">The files.</param>
    /// <exception cref="InvalidOperationException">The folder has the plan of another job.</exception>
    public static Plan Ensure(OutFolder folder, string model, JobOptions options, IReadOnlyList<InputFile> inputs)
    {
        Directory.CreateDirectory(folder.Work);
        string lockPath = Path.Combine(folder.Work, "plan.lock");
        FileLock.CheckWorks(folder.Work);
        bool isTold = false;
        while (!PlanFiles.Exist(folder.Plan))
        {
            using var held = FileLock.TryTake(lockPath);
            if (held is null)
            {
                if (!isTold)
                    Console.WriteLine("Another process makes the plan; it is waited for.");
                isTold = true;
                Thread.Sleep(s_pause);
            }
            else if (!PlanFiles.Exist(folder.Plan))
            {
                PlanFiles.Write(folder.Plan, Make(model, options, inputs));
            }
        }

        var plan = PlanFiles.Read(folder.Plan);
        plan.CheckSame(folder.FullPath, options, inputs);
        return plan;
    }

    /// <summary>The SHA-256 of a file, in hexadecimal.</summary>
    /// <param name="path">The file.</param>
    public static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(stream));
    }

    /// <summary>Counts the rows of all files and deals them out.</summary>
    /// <param name="modelPath">The model's file.</param>
    /// <param name="options">What decides the outputs.</param>
    /// <param name="inputs">The files.</param>
    public static Plan Make(string modelPath, JobOptions options, IReadOnlyList<InputFile> inputs)
    {
        var format = RowFormat.Of(options.Format, options.Delimiter);
        using var model = ScoringModel.Load(modelPath, options, gpu: null);
        var maps = format.Map(model.Columns, [.. options.Columns.Select(FieldMap.Parse)]);
        var counted = new List<InputFile>();
        var shards = new List<Shard>();
        Shard? current = null;
        foreach (var input in inputs)
        {
            var scan = format.Scan(input, model.Columns, maps, options.RowsPerShard - (current?.Rows ?? 0), options.RowsPerShard);
            long row = 0, offset = scan.First;
            for (int cut = 0; row < scan.Rows;)
            {
                current ??= new Shard(shards.Count, counted.Count, row, offset, Rows: 0);
                long taken = Math.Min(options.RowsPerShard - current.Rows, scan.Rows - row);
                current = current with { Rows = current.Rows + taken };
                row += taken;
                if (current.Rows < options.RowsPerShard)
                    break;
                shards.Add(current);
                current = null;
                if (row < scan.Rows)
                    offset = scan.Cuts[cut++];
            }

            counted.Add(input with { Rows = scan.Rows });
            // Written to while it was counted.
            input.CheckUnchanged();
        }

        if (current is not null)
            shards.Add(current);
        return shards.Count > 0
            ? new Plan(options, counted, shards)
            : throw new ArgumentException("The inputs have no rows.");
    }
}
