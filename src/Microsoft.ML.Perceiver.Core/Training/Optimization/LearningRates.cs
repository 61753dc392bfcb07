namespace Microsoft.ML.Perceiver;

/// <summary>The learning rate of each step as a share of the largest.</summary>
internal static class LearningRates
{
    private const double CycleStart = 1 / 25.0;
    private const double CycleEnd = CycleStart / 10_000;

    /// <summary>The share at a step.</summary>
    /// <param name="schedule">How it goes on after the warm-up.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">How many there will be.</param>
    /// <param name="warmupFraction">The share of the steps over which it rises: in a straight line from near zero, or as the schedule has it.</param>
    internal static double Factor(PerceiverLearningRateSchedule schedule, long step, long steps, double warmupFraction)
    {
        double warmup = Math.Ceiling(steps * warmupFraction);
        if (step < warmup)
            return schedule == PerceiverLearningRateSchedule.OneCycle ? Between(CycleStart, 1, step / warmup) : (step + 1) / warmup;
        double progress = steps <= warmup ? 1 : Math.Min(1, (step - warmup) / (steps - warmup));
        return schedule switch
        {
            PerceiverLearningRateSchedule.Constant => 1,
            PerceiverLearningRateSchedule.Linear => 1 - progress,
            PerceiverLearningRateSchedule.Cosine => Between(1, 0, progress),
            PerceiverLearningRateSchedule.OneCycle => Between(1, CycleEnd, progress),
            _ => throw new ArgumentOutOfRangeException(nameof(schedule), schedule, "This is no schedule."),
        };
    }

    // Along half a cosine.
    private static double Between(double from, double to, double progress) => to + (from - to) * 0.5 * (1 + Math.Cos(Math.PI * progress));
}
