using System.Diagnostics;

namespace WebApi;

/// <summary>The process's memory over the time of a run.</summary>
internal sealed class MemoryRecord
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<(TimeSpan At, long Bytes)> _samples = new(capacity: 4096);

    /// <summary>Takes a sample of the resident memory.</summary>
    public void Add() => Add(_clock.Elapsed, Environment.WorkingSet);

    /// <summary>Takes a sample.</summary>
    /// <param name="at">Since the beginning.</param>
    /// <param name="bytes">The memory.</param>
    public void Add(TimeSpan at, long bytes) => _samples.Add((at, bytes));

    /// <summary>
    /// How much more the last part of the run takes than the first one. A part is a minute, or a third of the run where that is shorter.
    /// The parts' medians are compared.
    /// </summary>
    public double GrowthPercent()
    {
        if (_samples.Count == 0)
            return 0;
        var end = _samples[^1].At;
        var part = TimeSpan.FromTicks(Math.Min(Minute.Ticks, end.Ticks / 3));
        double first = Median(s => s <= part), last = Median(s => s >= end - part);
        return 100 * (last / first - 1);
    }

    private double Median(Func<TimeSpan, bool> within)
    {
        long[] sorted = [.. _samples.Where(s => within(s.At)).Select(s => s.Bytes).Order()];
        return sorted.Length > 0 ? sorted[sorted.Length / 2] : _samples[^1].Bytes;
    }
}
