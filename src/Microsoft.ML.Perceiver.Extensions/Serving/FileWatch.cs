namespace Microsoft.ML.Perceiver;

/// <summary>Compares a file with what was read of it, and calls back when it has changed and is no longer being written.</summary>
internal sealed class FileWatch : IDisposable
{
    private readonly string _path;
    private readonly Func<CancellationToken, Task> _changed;
    private readonly PeriodicTimer _timer;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _watching;
    private volatile FileStamp? _read;

    /// <summary>Begins.</summary>
    /// <param name="path">The file.</param>
    /// <param name="interval">How often it is compared.</param>
    /// <param name="read">The file as it was read last.</param>
    /// <param name="changed">Called where it is another; it calls <see cref="MarkRead"/> and does not throw.</param>
    internal FileWatch(string path, TimeSpan interval, FileStamp? read, Func<CancellationToken, Task> changed)
    {
        (_path, _read, _changed) = (path, read, changed);
        _timer = new PeriodicTimer(interval);
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>Says that the file is being read as it is now.</summary>
    internal void MarkRead() => _read = FileStamp.Of(_path);

    private async Task WatchAsync()
    {
        FileStamp? before = null;
        try
        {
            while (await _timer.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
            {
                var now = FileStamp.Of(_path);
                if (now is not null && now != _read && now == before)
                    await _changed(_end.Token).ConfigureAwait(false);
                before = now;
            }
        }
        catch (OperationCanceledException)
        {
            // The pool ends.
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _watching.GetAwaiter().GetResult();
        _timer.Dispose();
        _end.Dispose();
    }
}
