using System.Diagnostics;
using BatchScore.Planning;

namespace BatchScore.Running;

/// <summary>Scores what a plan has and nobody has scored yet, and checks the outputs.</summary>
internal static class Job
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    /// <summary>Runs the processes and reads the outputs again.</summary>
    /// <param name="folder">The job's folder.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="options">How the processes run.</param>
    /// <returns>What the shards of this run took, and what was found in all outputs.</returns>
    public static async Task<(RunFigures Figures, Verification Found)> RunAsync(OutFolder folder, Plan plan, WorkerOptions options)
    {
        Shard[] shards = [.. plan.ShardsOf(options.Part)];
        int done = shards.Count(shard => File.Exists(folder.Output(shard.Number, plan.Options.OutFormat)));
        Console.WriteLine(
            $"{plan.Rows:n0} rows of {plan.Inputs.Count:n0} files in {plan.Shards.Count:n0} shards"
            + $"{(options.Part is { } part ? $", {shards.Length:n0} of them for task {part}" : "")}; {done:n0} are done.");
        long rows = 0;
        var clock = Stopwatch.StartNew();
        var said = TimeSpan.Zero;
        using var coordinator = new Coordinator(folder, options, (_, count) =>
        {
            done++;
            rows += count;
            if (done < shards.Length && clock.Elapsed - said < s_pause)
                return;
            said = clock.Elapsed;
            Console.WriteLine($"{done:n0} of {shards.Length:n0} shards, {rows / clock.Elapsed.TotalSeconds:n0} rows/s with the start");
        });
        var own = done == shards.Length ? [] : await coordinator.RunAsync().ConfigureAwait(false);
        return (RunFigures.Of(folder, own), Verification.Of(folder, plan, options.Part));
    }
}
