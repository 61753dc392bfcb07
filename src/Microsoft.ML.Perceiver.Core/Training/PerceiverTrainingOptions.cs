using System.Diagnostics;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using static Microsoft.ML.Perceiver.OptionRange;

namespace Microsoft.ML.Perceiver;

/// <summary>How a model is trained.</summary>
public sealed record PerceiverTrainingOptions
{
    // Length, batches and order

    /// <summary>How often the training rows are gone through. The default is 10.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Rows of a batch. The default is 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Batches whose gradients make one step: large steps in the memory of small ones. The default is 1.</summary>
    public int GradientAccumulationSteps { get; init; } = 1;

    /// <summary>
    /// Seed of the rows' order and of dropout. The same seed on the same processor gives the same weights. Null, the default, for the seed
    /// of the <c>MLContext</c>; where it has none, or there is none, for 1.
    /// </summary>
    public int? Seed { get; init; }

    internal int SeedOrDefault => Seed ?? 1;

    /// <summary>
    /// Ends the training when so much time has passed, with the best weights, or those of the last step where there was no evaluation yet.
    /// One step at least is done; a resumed training starts counting again. Null, the default, for no limit.
    /// </summary>
    [JsonIgnore]
    public TimeSpan? MaxDuration { get; init; }

    // Optimizer

    /// <summary>How a step is made of the gradients. The default is <see cref="PerceiverOptimizer.AdamW"/>.</summary>
    public PerceiverOptimizer Optimizer { get; init; } = PerceiverOptimizer.AdamW;

    /// <summary>Decay of the optimizer's running mean of the gradient. The default is 0.9.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the optimizer's running mean of the gradient's square. The default is 0.999.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the gradient's mean square, so that nothing is divided by zero. The default is 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>
    /// Decoupled weight decay of the matrices; biases, normalisations, embeddings, positions and latents have none. The default is 0.01.
    /// </summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>
    /// The largest norm of a step's gradient; a longer gradient is scaled down to it. Null for no limit; the default is 1.
    /// </summary>
    public double? GradientClipNorm { get; init; } = 1.0;

    // Learning rates

    /// <summary>The largest learning rate. The default is 0.001.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>The share of the steps over which the learning rate rises. The default is 0.1.</summary>
    public double WarmupFraction { get; init; } = 0.1;

    /// <summary>
    /// How the learning rate changes after the warm-up. The default is <see cref="PerceiverLearningRateSchedule.Cosine"/>.
    /// </summary>
    public PerceiverLearningRateSchedule Schedule { get; init; } = PerceiverLearningRateSchedule.Cosine;

    /// <summary>
    /// Factors of the learning rate by part of the model, e.g. 0.1 for <c>perceiver.encoder</c>. A part is the beginning of parameters'
    /// names; the longest that matches decides, and the factor of all others is 1. The default is no factors.
    /// </summary>
    public IReadOnlyDictionary<string, double> LearningRateFactors { get; init; } = new Dictionary<string, double>();

    /// <summary>
    /// Parts that are not trained, e.g. <c>perceiver.encoder</c>, named as in <see cref="LearningRateFactors"/>. The default is none.
    /// </summary>
    public IReadOnlyList<string> FrozenParts { get; init; } = [];

    /// <summary>
    /// Epochs for which <see cref="FrozenParts"/> are not trained; afterwards all are. Null, the default, for all epochs.
    /// </summary>
    public int? FrozenEpochs { get; init; }

    // Precision and memory

    /// <summary>
    /// The number format of the model's computations in training. Below float32 the weights are also kept in float32, which the optimizer
    /// changes and the trained model has. Float16 is refused: its gradients underflow without a loss scale. The default is Float32.
    /// </summary>
    public PerceiverPrecision Precision { get; init; } = PerceiverPrecision.Float32;

    /// <summary>
    /// Whether each layer of the encoder is computed again in the backward pass instead of being kept: a third more work, and the memory of
    /// one layer instead of all. The default is false.
    /// </summary>
    public bool RecomputeActivations { get; init; }

    // Loss and regularisation

    /// <summary>
    /// The share of the probability that the target spreads over all labels, or over all tokens in masked language modelling. Not for
    /// several labels or numbers. The default is 0, for none.
    /// </summary>
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// The weight of each class (or label, where there are several) in the loss, in the order of the labels; null, the default, weighs all
    /// the same.
    /// </summary>
    public IReadOnlyList<double>? ClassWeights { get; init; }

    /// <summary>
    /// Whether rare classes weigh more: each row weighs rows / (classes x rows of its class). Single labels only, and not together with
    /// <see cref="ClassWeights"/>. The default is false.
    /// </summary>
    public bool BalanceClasses { get; init; }

    /// <summary>
    /// The share of the tokens that is masked at random in each training text, against overfitting of small data sets. For text
    /// classification and regression only. The default is 0, for none.
    /// </summary>
    public double TokenDropout { get; init; }

    /// <summary>
    /// The decay of a running average of the weights, e.g. 0.99, which is validated and kept instead of the last step's (Polyak averaging);
    /// it varies less where the data are few. The default is 0, for none.
    /// </summary>
    public double WeightAverageDecay { get; init; }

    // Validation

    /// <summary>The share of the rows set aside for validation where no validation set is given; 0 for none. The default is 0.1.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>Evaluates after every so many steps besides the ends of the epochs; null, the default, for the ends only.</summary>
    public int? EvaluateEverySteps { get; init; }

    /// <summary>
    /// Ends the training after so many evaluations without a better validation metric; null, the default, never does. It needs validation
    /// rows.
    /// </summary>
    public int? EarlyStoppingPatience { get; init; }

    /// <summary>
    /// The validation metric that decides which weights are the best; null, the default, for the first of
    /// <see cref="IPerceiverObjective.Metrics"/>. It needs validation rows.
    /// </summary>
    public string? MonitorMetric { get; init; }

    // Run folder

    /// <summary>
    /// A folder for the training's settings, metrics and weights. Where it holds an unfinished training of the same settings, that
    /// continues from its last checkpoint and ends with the weights that it would have had without the interruption. Where one estimator is
    /// fitted to several data sets, as cross-validation does, each after the first has a folder of its own in it: fold-2, fold-3 and so
    /// on. Null, the default, for none.
    /// </summary>
    [JsonIgnore]
    public string? RunFolder { get; init; }

    /// <summary>
    /// Writes a checkpoint to the run folder every so many steps, besides those at each evaluation; null, the default, for those only.
    /// </summary>
    [JsonIgnore]
    public int? CheckpointEverySteps { get; init; }

    // Several processes

    /// <summary>
    /// The processes that train together, each with a part of the rows of every batch; null, the default, trains in this one alone. All of
    /// them need the same options, model and data. The rows of a batch are dealt out to the ranks, the gradients are added, and every rank
    /// ends with the same weights, those that one process would have but for rounding and for random numbers, such as those of dropout,
    /// which each rank draws for its own rows. Rank 0 alone evaluates, writes the run folder and calls <see cref="Progress"/>; any rank may
    /// cancel. A run folder goes on with as many ranks as it began with. An objective that compares the rows of a batch with each other
    /// (<see cref="PerceiverContrastiveObjective"/>) compares those of a rank.
    /// </summary>
    [JsonIgnore]
    public IPerceiverCommunicator? Communicator { get; init; }

    // Progress and cancellation

    /// <summary>
    /// Called after each step and each evaluation; <see cref="PerceiverTrainingProgress.Stop"/> ends the training. So does an exception of
    /// the callback, after the best weights were restored. Null, the default, for nothing.
    /// </summary>
    [JsonIgnore]
    public Action<PerceiverTrainingProgress>? Progress { get; init; }

    /// <summary>
    /// Gets each warning, e.g. that a damaged checkpoint was skipped; null, the default, writes warnings to <see cref="Trace"/>.
    /// </summary>
    [JsonIgnore]
    public ILogger? Logger { get; init; }

    /// <summary>Ends the training with the best weights so far. The default is never cancelled.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Whether the estimator was fitted before, perhaps to other data.</summary>
    [JsonIgnore]
    internal bool IsFittedAgain { get; init; }

    /// <summary>Refuses the options of some tasks that another one, whose name is for the message, does not use.</summary>
    /// <exception cref="ArgumentException">Such an option is set; the message names it.</exception>
    internal void RefuseUnused(string task, params IReadOnlyList<string> used)
    {
        (string Name, bool IsSet)[] special =
        [
            (nameof(LabelSmoothing), LabelSmoothing > 0),
            (nameof(ClassWeights), ClassWeights is not null),
            (nameof(BalanceClasses), BalanceClasses),
            (nameof(TokenDropout), TokenDropout > 0),
        ];
        foreach (var (name, isSet) in special)
        {
            if (isSet && !used.Contains(name))
                throw new ArgumentException($"{name} is not for {task}.");
        }
    }

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of range; the message names it.</exception>
    public void Validate()
    {
        Require(Epochs > 0, Epochs, "positive");
        Require(BatchSize > 0, BatchSize, "positive");
        Require(IsPositive(LearningRate), LearningRate, "positive");
        Require(WeightDecay is >= 0 and < double.PositiveInfinity, WeightDecay, "at least 0");
        Require(Enum.IsDefined(Optimizer), Optimizer, "one of the optimizers");
        Require(Beta1 is >= 0 and < 1, Beta1, "at least 0 and below 1");
        Require(Beta2 is >= 0 and < 1, Beta2, "at least 0 and below 1");
        Require(IsPositive(Epsilon), Epsilon, "positive");
        Require(GradientAccumulationSteps > 0, GradientAccumulationSteps, "positive");
        Require(Precision is PerceiverPrecision.Float32 or PerceiverPrecision.BFloat16, Precision, "Float32 or BFloat16");
        Require(LearningRateFactors is not null, LearningRateFactors, "set, to no factors if need be");
        foreach (var (part, factor) in LearningRateFactors!)
        {
            string needed = $"positive, also for '{part}' (FrozenParts keeps a part as it is)";
            Require(IsPositive(factor), factor, needed, nameof(LearningRateFactors));
        }

        Require(FrozenParts is not null, FrozenParts, "set, to no parts if need be");
        Require(FrozenEpochs is null or > 0, FrozenEpochs, "positive or null");
        Require(FrozenEpochs is null || FrozenParts!.Count > 0, FrozenEpochs, "null where there are no FrozenParts");
        Require(ClassWeights is null || ClassWeights.All(IsPositive), ClassWeights, "null or positive numbers");
        Require(ClassWeights is null || !BalanceClasses, BalanceClasses, "false where ClassWeights are given");
        Require(EvaluateEverySteps is null or > 0, EvaluateEverySteps, "positive or null");
        Require(CheckpointEverySteps is null or > 0, CheckpointEverySteps, "positive or null");
        Require(CheckpointEverySteps is null || RunFolder is not null, CheckpointEverySteps, "null where there is no RunFolder");
        Require(RunFolder is null || RunFolder.Length > 0, RunFolder, "a path or null");
        Require(WarmupFraction is >= 0 and <= 1, WarmupFraction, "from 0 to 1");
        Require(GradientClipNorm is null or > 0, GradientClipNorm, "positive or null");
        Require(LabelSmoothing is >= 0 and < 1, LabelSmoothing, "at least 0 and below 1");
        Require(TokenDropout is >= 0 and < 1, TokenDropout, "at least 0 and below 1");
        Require(WeightAverageDecay is >= 0 and < 1, WeightAverageDecay, "at least 0 and below 1");
        Require(ValidationFraction is >= 0 and < 1, ValidationFraction, "at least 0 and below 1");
        Require(EarlyStoppingPatience is null or > 0, EarlyStoppingPatience, "positive or null");
        Require(Enum.IsDefined(Schedule), Schedule, "one of the schedules");
        Require(MaxDuration is null || MaxDuration > TimeSpan.Zero, MaxDuration, "positive or null");
    }

    private static bool IsPositive(double value) => value is > 0 and < double.PositiveInfinity;
}
