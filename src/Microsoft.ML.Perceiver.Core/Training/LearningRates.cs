namespace Microsoft.ML.Perceiver;

/// <summary>The learning rate of each step as a share of the largest.</summary>
internal static class LearningRates
{
    /// <summary>The share at a step.</summary>
    /// <param name="schedule">How it goes on after the warm-up.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">How many there will be.</param>
    /// <param name="warmupFraction">The share of the steps over which it rises from near zero in a straight line.</param>
    internal static double Factor(LearningRateSchedule schedule, long step, long steps, double warmupFraction)
    {
        double warmup = Math.Ceiling(steps * warmupFraction);
        if (step < warmup)
            return (step + 1) / warmup;
        double progress = steps <= warmup ? 1 : Math.Min(1, (step - warmup) / (steps - warmup));
        return schedule switch
        {
            LearningRateSchedule.Constant => 1,
            LearningRateSchedule.Linear => 1 - progress,
            LearningRateSchedule.Cosine => 0.5 * (1 + Math.Cos(Math.PI * progress)),
            _ => throw new ArgumentOutOfRangeException(nameof(schedule), schedule, "This is no schedule."),
        };
    }
}
