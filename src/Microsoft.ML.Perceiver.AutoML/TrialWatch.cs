namespace Microsoft.ML.Perceiver;

/// <summary>Looks on while a trial trains, and ends it where it is hopeless, too slow or too large.</summary>
internal sealed class TrialWatch(int trial, int fold, PerceiverTrialOptions options, TrialJudge judge, double? maxMemoryMegabytes)
{
    // The experiment ends as a whole where its own monitor sees the limit passed; a trial that ends a little below it leaves the others
    // their turn.
    private const double MemoryShare = 0.9;

    /// <summary>Whether the trial was found hopeless.</summary>
    internal bool IsPruned { get; private set; }

    /// <summary>Called after each step and each evaluation.</summary>
    /// <exception cref="InsufficientMemoryException">The process has used up what the experiment may take.</exception>
    internal void Look(PerceiverTrainingProgress now)
    {
        double megabytes = Environment.WorkingSet / (1024.0 * 1024);
        if (megabytes > MemoryShare * maxMemoryMegabytes)
        {
            throw new InsufficientMemoryException(
                $"Trial {trial} ended in step {now.Step}: the process uses {megabytes:f0} MB, "
                + $"and the experiment may take {maxMemoryMegabytes:f0} MB.");
        }
        if (now.Elapsed > options.MaxTrialDuration)
            now.Stop();
        if (!now.IsEpochEnd)
            return;
        IsPruned = judge.IsHopeless(trial, fold, now);
        options.Progress?.Invoke(new PerceiverTrialProgress(trial, fold, now, IsPruned));
        if (IsPruned)
            now.Stop();
    }
}
