using Microsoft.ML.SearchSpace;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// What a search over trainings may vary, whatever the model reads. The properties with an attribute of <c>Microsoft.ML.SearchSpace</c> are
/// varied within its limits; the others stay as they are set. All are simple values that can be set, as ML.NET's AutoML carries them as
/// JSON.
/// </summary>
public abstract class PerceiverSearchOptions
{
    private protected PerceiverSearchOptions()
    {
    }

    /// <summary>The column with the right labels. The default is "Label".</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>
    /// A folder with the weights to start from (<see cref="PerceiverCheckpoint.FromDirectory"/>); null, the default, for random ones. With
    /// a folder, <see cref="Size"/> and <see cref="AttentionDropout"/> are the checkpoint's own; take them out of the search space.
    /// </summary>
    public string? CheckpointFolder { get; set; }

    /// <summary>How large a model that starts from random weights is. The default is <see cref="PerceiverModelSize.Small"/>.</summary>
    [Choice([PerceiverModelSize.Tiny, PerceiverModelSize.Small, PerceiverModelSize.Medium], PerceiverModelSize.Small)]
    public PerceiverModelSize Size { get; set; } = PerceiverModelSize.Small;

    /// <summary>How often the training rows are gone through. From 4 to 30; the default is 10.</summary>
    [Range(4, 30, 10, true)]
    public int Epochs { get; set; } = 10;

    /// <summary>Rows of a step. 16, 32 or 64; the default is 32.</summary>
    [Choice([16, 32, 64], 32)]
    public int BatchSize { get; set; } = 32;

    /// <summary>How a step is made of the gradients, AdamW or Muon. The default is <see cref="PerceiverOptimizer.AdamW"/>.</summary>
    [Choice([PerceiverOptimizer.AdamW, PerceiverOptimizer.Muon], PerceiverOptimizer.AdamW)]
    public PerceiverOptimizer Optimizer { get; set; } = PerceiverOptimizer.AdamW;

    /// <summary>The largest learning rate. From 0.0001 to 0.005; the default is 0.001.</summary>
    [Range(1e-4, 5e-3, 1e-3, true)]
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>Decoupled weight decay of the matrices. From 0.001 to 0.3; the default is 0.05.</summary>
    [Range(1e-3, 0.3, 0.05, true)]
    public double WeightDecay { get; set; } = 0.05;

    /// <summary>Dropout of the attention probabilities while training. From 0 to 0.3; the default is 0.1.</summary>
    [Range(0, 0.3, 0.1)]
    public double AttentionDropout { get; set; } = 0.1;

    /// <summary>
    /// The share of the target's probability spread over all labels. From 0 to 0.1; the default is 0. Not for a regression.
    /// </summary>
    [Range(0, 0.1, 0.0)]
    public double LabelSmoothing { get; set; }

    /// <summary>The weight of the past in a running average of the weights. 0 for none, 0.99 or 0.995; the default is 0.</summary>
    [Choice([0.0, 0.99, 0.995], 0.0)]
    public double WeightAverageDecay { get; set; }

    /// <summary>Whether rare classes weigh more. The default is false. Not for a regression.</summary>
    [BooleanChoice(false)]
    public bool BalanceClasses { get; set; }

    /// <summary>What the model computes in while it learns, Float32 or BFloat16. The default is Float32.</summary>
    public PerceiverPrecision TrainingPrecision { get; set; } = PerceiverPrecision.Float32;

    /// <summary>
    /// The share of the training rows that each epoch is judged by. The rows are the same in all trainings of a seed, so that trainings can
    /// be compared epoch by epoch. The default is 0.1.
    /// </summary>
    public double ValidationFraction { get; set; } = 0.1;

    /// <summary>Ends a training after so many epochs without a better metric; null, the default, never does.</summary>
    public int? EarlyStoppingPatience { get; set; }

    /// <summary>
    /// The validation metric that the best epoch is chosen by; null, the default, for the problem's own
    /// (<see cref="PerceiverTrainingOptions.MonitorMetric"/>).
    /// </summary>
    public string? MonitorMetric { get; set; }

    /// <summary>Seed of the first weights, of the validation rows and of the order of the others. The default is 1.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>The training that these options stand for.</summary>
    private protected PerceiverTrainingOptions ToTraining() => new()
    {
        Epochs = Epochs,
        BatchSize = BatchSize,
        Optimizer = Optimizer,
        LearningRate = LearningRate,
        WeightDecay = WeightDecay,
        LabelSmoothing = LabelSmoothing,
        WeightAverageDecay = WeightAverageDecay,
        BalanceClasses = BalanceClasses,
        Precision = TrainingPrecision,
        ValidationFraction = ValidationFraction,
        EarlyStoppingPatience = EarlyStoppingPatience,
        MonitorMetric = MonitorMetric,
        Seed = Seed,
    };

    /// <summary>The weights that these options stand for.</summary>
    /// <param name="preset">The configuration of a size.</param>
    private protected PerceiverCheckpoint ToCheckpoint(Func<PerceiverModelSize, PerceiverConfig> preset) => CheckpointFolder is { } folder
        ? PerceiverCheckpoint.FromDirectory(folder)
        : PerceiverCheckpoint.FromConfig(preset(Size) with { AttentionDropout = AttentionDropout }, Seed);
}
