using System.Collections.Concurrent;
using System.Globalization;
using BatchScore.Planning;

namespace BatchScore.Running;

/// <summary>Starts the processes that score, and waits for them.</summary>
/// <param name="folder">The job's folder, with its plan.</param>
/// <param name="options">How many processes there are, and what they are told.</param>
/// <param name="progress">Told of each shard that is done: its number and its rows. Called from several threads, one at a time.</param>
internal sealed class Coordinator(OutFolder folder, WorkerOptions options, Action<int, long> progress) : IDisposable
{
    // Of a process that a signal ended, 128 and the signal's number.
    private const int FirstSignal = 128;

    private readonly ConcurrentBag<int> _done = [];
    private readonly CancellationTokenSource _failed = new();
    private readonly Lock _progressLock = new();
    private int _restartsLeft = options.Restarts;

    /// <summary>Runs the processes until all shards are done.</summary>
    /// <returns>The shards that this run did.</returns>
    /// <exception cref="InvalidOperationException">A process failed; the others were stopped.</exception>
    public async Task<IReadOnlyCollection<int>> RunAsync()
    {
        await Task.WhenAll(Enumerable.Range(0, options.Processes).Select(RunWorkerAsync)).ConfigureAwait(false);
        return _done;
    }

    /// <inheritdoc/>
    public void Dispose() => _failed.Dispose();

    private async Task RunWorkerAsync(int index)
    {
        while (true)
        {
            var (code, error) = await RunOnceAsync(index).ConfigureAwait(false);
            // Those that were told to stop because another one failed.
            if (code == 0 || _failed.IsCancellationRequested)
                return;
            if (code > FirstSignal && Interlocked.Decrement(ref _restartsLeft) >= 0)
            {
                Console.Error.WriteLine($"A worker was killed ({code - FirstSignal}); another one is started.");
                continue;
            }

            await _failed.CancelAsync().ConfigureAwait(false);
            throw new InvalidOperationException(error.Length > 0 ? error : $"A worker ended with {code}.");
        }
    }

    private async Task<(int Code, string Error)> RunOnceAsync(int index)
    {
        using var process = OwnProgram.Start(Arguments(index), new Dictionary<string, string>
        {
            ["OMP_NUM_THREADS"] = options.Threads.ToString(CultureInfo.InvariantCulture),
        });
        using var stop = _failed.Token.Register(process.StandardInput.Close);
        var error = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
            Report(line);
        await process.WaitForExitAsync().ConfigureAwait(false);
        return (process.ExitCode, (await error.ConfigureAwait(false)).Trim());
    }

    private void Report(string line)
    {
        string[] fields = line.Split('\t');
        // Anything else is a library's.
        if (fields.Length != 3 || !int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out int shard))
            return;
        _done.Add(shard);
        lock (_progressLock)
            progress(shard, long.Parse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture));
    }

    private List<string> Arguments(int index)
    {
        List<string> arguments =
        [
            "worker", "--out", folder.FullPath, "--model", options.Model, "--threads", Text(options.Threads),
        ];
        if (options.Gpus > 0)
            arguments.AddRange(["--gpu", Text(index % options.Gpus)]);
        if (options.Part is { } part)
            arguments.AddRange(["--shard", part.ToString()]);
        return arguments;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
