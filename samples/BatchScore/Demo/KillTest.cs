using BatchScore.Planning;
using BatchScore.Running;

namespace BatchScore.Demo;

/// <summary>Runs a job in a process that is killed at random, with or without its workers, and goes on each time.</summary>
/// <param name="arguments">The job's command line.</param>
/// <param name="folder">The job's folder.</param>
/// <param name="shards">How many shards the job has.</param>
internal sealed class KillTest(IReadOnlyList<string> arguments, OutFolder folder, int shards)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs the job to its end, killing it on the way.</summary>
    /// <param name="kills">How often it is killed.</param>
    /// <param name="random">Decides when, and what.</param>
    /// <returns>How often it was, which is less where the job ended first.</returns>
    /// <exception cref="InvalidOperationException">The job failed by itself.</exception>
    public async Task<int> RunAsync(int kills, Random random)
    {
        int killed = 0;
        while (true)
        {
            using var process = OwnProgram.Start(arguments);
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            // Somewhere in the next part of the job, so that the kills are spread over all of it.
            double part = (double)shards / (kills + 1);
            double until = part * (killed + random.NextDouble());
            while (killed < kills && !process.HasExited && Done() < until)
                await Task.Delay(s_look).ConfigureAwait(false);
            await Task.Delay(random.Next(1, 300)).ConfigureAwait(false);
            if (killed < kills && !process.HasExited)
            {
                // The workers of a process that was killed alone must stop by themselves.
                process.Kill(entireProcessTree: random.Next(3) == 0);
                killed++;
            }

            await process.WaitForExitAsync().ConfigureAwait(false);
            await output.ConfigureAwait(false);
            string said = await error.ConfigureAwait(false);
            if (process.ExitCode == 0)
                return killed;
            if (process.ExitCode < 128)
                throw new InvalidOperationException($"The job ended with {process.ExitCode}: {said}");
        }
    }

    private int Done() => Directory.Exists(folder.FullPath)
        ? Directory.EnumerateFiles(folder.FullPath, "shard-*").Count(path => !path.Contains(".bad.", StringComparison.Ordinal))
        : 0;
}
