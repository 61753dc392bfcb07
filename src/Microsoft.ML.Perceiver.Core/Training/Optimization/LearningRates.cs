namespace Microsoft.ML.Perceiver;

/// <summary>The learning rate of each step as a share of the largest one.</summary>
internal static class LearningRates
{
    private const double CycleStart = 1 / 25.0;
    private const double CycleEnd = CycleStart / 10_000;

    /// <summary>The share at a step.</summary>
    /// <param name="schedule">How it changes after the warm-up.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">The number of steps.</param>
    /// <param name="warmupFraction">The share of the steps over which it rises: linearly from near zero, or as the schedule says.</param>
    internal static double Factor(PerceiverLearningRateSchedule schedule, long step, long steps, double warmupFraction)
    {
        double warmup = Math.Ceiling(steps * warmupFraction);
        if (step < warmup)
            return schedule == PerceiverLearningRateSchedule.OneCycle ? Cosine(CycleStart, 1, step / warmup) : (step + 1) / warmup;
        double progress = steps <= warmup ? 1 : Math.Min(1, (step - warmup) / (steps - warmup));
        return schedule switch
        {
            PerceiverLearningRateSchedule.Constant => 1,
            PerceiverLearningRateSchedule.Linear => 1 - progress,
            PerceiverLearningRateSchedule.Cosine => Cosine(1, 0, progress),
            PerceiverLearningRateSchedule.OneCycle => Cosine(1, CycleEnd, progress),
            _ => throw new ArgumentOutOfRangeException(nameof(schedule), schedule, "This is no schedule."),
        };
    }

    // Half a cosine from one value to another.
    private static double Cosine(double from, double to, double progress) => to + (from - to) * 0.5 * (1 + Math.Cos(Math.PI * progress));
}
