using System.Diagnostics;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>Takes the time of a training's steps.</summary>
internal sealed class StepClock
{
    private long _last;

    /// <summary>Seconds of each step but the first, which allocates the moments.</summary>
    internal List<double> Seconds { get; } = [];

    /// <summary>Is told of a step or an evaluation, as <see cref="PerceiverTrainingOptions.Progress"/>.</summary>
    /// <param name="now">The progress.</param>
    internal void Note(PerceiverTrainingProgress now)
    {
        long time = Stopwatch.GetTimestamp();
        if (now.Step > 1 && now.ValidationMetrics is null)
            Seconds.Add(Stopwatch.GetElapsedTime(_last, time).TotalSeconds);
        _last = time;
    }
}
