namespace Microsoft.ML.Perceiver;

/// <summary>How a model is trained.</summary>
public sealed record PerceiverTrainingOptions
{
    /// <summary>How often the training rows are gone through.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Rows of a step.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The largest learning rate.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Decoupled weight decay of the matrices; biases, normalisations, embeddings, positions and latents have none.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>The share of the steps over which the learning rate rises.</summary>
    public double WarmupFraction { get; init; } = 0.1;

    /// <summary>How the learning rate goes on afterwards.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine;

    /// <summary>The largest norm of a step's gradient; longer ones are shortened to it. Null for no limit.</summary>
    public double? GradientClipNorm { get; init; } = 1.0;

    /// <summary>The share of the probability that a single label's target spreads over all labels.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// The share of the tokens that is masked at random in each training text, so that a small set is not learnt by heart. Text heads only.
    /// </summary>
    public double TokenDropout { get; init; }

    /// <summary>
    /// The weight of the past in a running average of the weights, e.g. 0.99, which is what is validated and kept (Polyak averaging); it is
    /// steadier than the last step's weights where the data are few. 0 for none.
    /// </summary>
    public double WeightAverageDecay { get; init; }

    /// <summary>Seed of the order of the rows and of dropout. The same seed on the same processor gives the same weights.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The share of the rows set aside for validation where no validation set is given; 0 for none.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>Ends the training after so many epochs without a better validation metric; null never does.</summary>
    public int? EarlyStoppingPatience { get; init; }

    /// <summary>The validation metric that decides which weights are the best; null takes the objective's own choice.</summary>
    public string? MonitorMetric { get; init; }

    /// <summary>Ends the training when so much time has passed, keeping the best weights; null for no limit.</summary>
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>Called after each step and each epoch. An exception it throws ends the training, after the best weights were put back.</summary>
    public Action<TrainingProgress>? Progress { get; init; }

    /// <summary>Ends the training; the best weights so far are kept.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of range; the message names it.</exception>
    public void Validate()
    {
        Require(Epochs > 0, nameof(Epochs), Epochs, "positive");
        Require(BatchSize > 0, nameof(BatchSize), BatchSize, "positive");
        Require(LearningRate is > 0 and < double.PositiveInfinity, nameof(LearningRate), LearningRate, "positive");
        Require(WeightDecay is >= 0 and < double.PositiveInfinity, nameof(WeightDecay), WeightDecay, "at least 0");
        Require(WarmupFraction is >= 0 and <= 1, nameof(WarmupFraction), WarmupFraction, "from 0 to 1");
        Require(GradientClipNorm is null or > 0, nameof(GradientClipNorm), GradientClipNorm, "positive or null");
        Require(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), LabelSmoothing, "at least 0 and below 1");
        Require(TokenDropout is >= 0 and < 1, nameof(TokenDropout), TokenDropout, "at least 0 and below 1");
        Require(WeightAverageDecay is >= 0 and < 1, nameof(WeightAverageDecay), WeightAverageDecay, "at least 0 and below 1");
        Require(ValidationFraction is >= 0 and < 1, nameof(ValidationFraction), ValidationFraction, "at least 0 and below 1");
        Require(EarlyStoppingPatience is null or > 0, nameof(EarlyStoppingPatience), EarlyStoppingPatience, "positive or null");
        Require(Enum.IsDefined(Schedule), nameof(Schedule), Schedule, "one of the schedules");
        Require(MaxDuration is null || MaxDuration > TimeSpan.Zero, nameof(MaxDuration), MaxDuration, "positive or null");
    }

    private static void Require(bool holds, string name, object? value, string needed)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {needed}.");
    }
}
