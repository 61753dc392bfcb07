using System.Globalization;
using BatchScore.Planning;
using BatchScore.Scoring;
using Microsoft.ML.Perceiver;
using TorchSharp;

namespace BatchScore.Running;

/// <summary>A process that scores shards until all are done.</summary>
internal static class Worker
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(300);

    /// <summary>Scores shards that no other process has.</summary>
    /// <param name="folder">The job's folder, with its plan.</param>
    /// <param name="options">The model, the threads, and which shards.</param>
    /// <param name="gpu">The GPU; null for the processor.</param>
    /// <returns>The exit code.</returns>
    public static int Run(OutFolder folder, WorkerOptions options, int? gpu)
    {
        using var orphaned = new CancellationTokenSource();
        ParentWatch.Start(orphaned);
        try
        {
            var plan = PlanFiles.Read(folder.Plan);
            if (Planner.Hash(options.Model) != plan.Options.ModelHash)
                throw new InvalidOperationException($"The model '{options.Model}' is not the one that the plan was made for.");
            TorchRuntime.EnsureLoaded();
            torch.set_num_threads(options.Threads);
            using var model = ScoringModel.Load(options.Model, plan.Options, gpu);
            var scorer = new ShardScorer(folder, plan, model, orphaned.Token);
            Shard[] shards = [.. plan.ShardsOf(options.Part)];
            while (!ScoreFree(scorer, shards))
            {
                // The others' are waited for: one of them may be killed, and leave its shard to this process.
                orphaned.Token.WaitHandle.WaitOne(s_pause);
                orphaned.Token.ThrowIfCancellationRequested();
            }

            return 0;
        }
        catch (OperationCanceledException) when (orphaned.IsCancellationRequested)
        {
            return ParentWatch.Orphaned;
        }
    }

    // Goes once through the shards; false where some are another process's.
    private static bool ScoreFree(ShardScorer scorer, Shard[] shards)
    {
        bool isAll = true;
        foreach (var shard in shards)
        {
            if (scorer.TryScore(shard) is not { } record)
            {
                isAll &= scorer.IsDone(shard);
                continue;
            }

            // What the parent reads.
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{shard.Number}\t{record.Rows}\t{record.BadRows}"));
        }

        return isAll;
    }
}
