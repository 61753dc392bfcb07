namespace Microsoft.ML.Perceiver;

/// <summary>How <see cref="PerceiverTrialRunner"/> treats the trials of an experiment.</summary>
public sealed record PerceiverTrialOptions
{
    /// <summary>Whether hopeless trials end early (<see cref="PerceiverMedianPruner"/>). The default is true.</summary>
    public bool Prune { get; init; } = true;

    /// <summary>How many trials must have reached an epoch before others are judged at it, 1 at least. The default is 3.</summary>
    public int StartupTrials { get; init; } = 3;

    /// <summary>The first epochs, in which no trial is judged, 0 at least. The default is 1.</summary>
    public int WarmupEpochs { get; init; } = 1;

    /// <summary>
    /// The validation metric of the training that trials are judged by; the smaller the better where its name ends with Loss or Error.
    /// Null, the default, for Accuracy, or RootMeanSquaredError of a regression. LogLoss is finer, but smoothed labels and balanced classes
    /// shift it.
    /// </summary>
    public string? PruningMetric { get; init; }

    /// <summary>
    /// The longest that a training may take; it then ends with its best weights. Null, the default, for no limit but the experiment's own,
    /// which ends the running training in the same way.
    /// </summary>
    public TimeSpan? MaxTrialDuration { get; init; }

    /// <summary>Called after each epoch of each trial, on the thread that trains; null, the default, for nothing.</summary>
    public Action<PerceiverTrialProgress>? Progress { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(StartupTrials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(WarmupEpochs);
        if (MaxTrialDuration <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(
                nameof(MaxTrialDuration), MaxTrialDuration, "MaxTrialDuration must be positive, or null.");
        if (PruningMetric is "")
            throw new ArgumentException("PruningMetric must not be empty.", nameof(PruningMetric));
    }
}
