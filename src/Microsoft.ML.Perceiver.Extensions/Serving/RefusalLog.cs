using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Microsoft.ML.Perceiver;

/// <summary>Logs that requests are refused, but not each: a server that has too many would write as many lines.</summary>
/// <param name="logger">The log.</param>
/// <param name="label">The model.</param>
internal sealed class RefusalLog(ILogger logger, string label)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private long _last;

    /// <summary>Writes a line unless one was written a short while ago.</summary>
    /// <param name="waiting">How many requests wait.</param>
    internal void Add(int waiting)
    {
        long last = Interlocked.Read(ref _last), now = Stopwatch.GetTimestamp();
        if (last != 0 && Stopwatch.GetElapsedTime(last, now) < Pause)
            return;
        if (Interlocked.CompareExchange(ref _last, now, last) == last)
            ServingLog.Refused(logger, label, waiting);
    }
}
