namespace Microsoft.ML.Perceiver;

/// <summary>Configurations of models that are trained from random weights, and settings of a training that suits them.</summary>
public static class PerceiverPresets
{
    /// <summary>
    /// A model of 0.3 million parameters for a few thousand texts of up to 512 bytes: it trains in a minute on two cores.
    /// </summary>
    public static PerceiverConfig SmallText { get; } = new()
    {
        NumLatents = 32,
        LatentChannels = 96,
        ModelChannels = 64,
        NumSelfAttendsPerBlock = 2,
        NumSelfAttentionHeads = 4,
        NumCrossAttentionHeads = 4,
        MaxPositionEmbeddings = 512,
        // Small models learn faster from weights somewhat larger than the published models' 0.02.
        InitializerRange = 0.1,
    };

    /// <summary>
    /// A training of <see cref="SmallText"/> from random weights on a few thousand labelled texts. The multiclass trainer
    /// <c>PerceiverText</c> trains this way where no other training is given.
    /// </summary>
    public static PerceiverTrainingOptions TextTraining { get; } = new()
    {
        Epochs = 20,
        BatchSize = 32,
        LearningRate = 1e-3,
        WeightDecay = 0.1,
        TokenDropout = 0.2,
        LabelSmoothing = 0.05,
        WeightAverageDecay = 0.995,
        // Some hundred validation rows tell epochs better apart by their probabilities than by counts.
        MonitorMetric = "LogLoss",
    };

    /// <summary>
    /// A training that starts from <c>perceiver-mini-sentence</c> on some hundred to some ten thousand labelled texts. The trainers
    /// <c>PerceiverText</c> train this way where that model is with the program and neither another checkpoint nor another training is
    /// given.
    /// </summary>
    public static PerceiverTrainingOptions TextFineTuning { get; } = new()
    {
        Epochs = 7,
        BatchSize = 32,
        LearningRate = 5e-4,
        // The head is new; what the encoder knows is to stay.
        LearningRateFactors = new Dictionary<string, double> { ["perceiver.decoder"] = 5 },
        WeightDecay = 0.05,
        LabelSmoothing = 0.05,
        WeightAverageDecay = 0.99,
        MonitorMetric = "LogLoss",
        Precision = PerceiverPrecisions.Fastest(),
    };

    /// <summary>
    /// How the trainers <c>PerceiverText</c> vary their texts where they start from <c>perceiver-mini-sentence</c>: typing errors in most
    /// of them, so that what the encoder knows of misspelled words is not lost.
    /// </summary>
    public static PerceiverTextAugmentation TextFineTuningAugmentation { get; } = new()
    {
        TypoProbability = 0.8,
        TypoRate = 0.25,
        CutProbability = 0,
        CaseProbability = 0,
    };

    /// <summary>
    /// Random weights of <see cref="SmallText"/>: what the trainers <c>PerceiverText</c> start from where <c>perceiver-mini-sentence</c> is
    /// not with the program. Name it as the checkpoint to start from them in any case.
    /// </summary>
    public static PerceiverCheckpoint RandomText { get; } = PerceiverCheckpoint.FromConfig(SmallText);

    /// <summary>
    /// An image model of 0.7 million parameters for some thousand images of 64 x 64 pixels: it trains in minutes on two cores. For
    /// <see cref="PerceiverImageHead.ConvProcessing"/>.
    /// </summary>
    public static PerceiverConfig SmallImage { get; } = new()
    {
        NumLatents = 32,
        LatentChannels = 128,
        ModelChannels = 322,
        NumSelfAttendsPerBlock = 3,
        NumSelfAttentionHeads = 4,
        NumCrossAttentionHeads = 1,
        ImageSize = 64,
        InitializerRange = 0.05,
    };

    /// <summary>
    /// A model of object detection of 0.8 million parameters for some thousand images of 64 x 64 pixels with up to 25 objects: it trains in
    /// minutes on two cores. Start it from <see cref="PerceiverInitialization.LocalImage"/>, as
    /// <c>Trainers.PerceiverObjectDetection</c> does where no checkpoint is named.
    /// </summary>
    public static PerceiverConfig SmallDetection { get; } = SmallImage with
    {
        NumLatents = 64,
        QueryKeyChannels = 128,
        ValueChannels = 128,
        NumCrossAttentionHeads = 4,
        AttentionDropout = 0,
        NumQueries = 25,
    };

    /// <summary>
    /// A training of <see cref="SmallDetection"/> from random weights on some ten thousand images. The trainer
    /// <c>PerceiverObjectDetection</c> trains this way where no other training is given.
    /// </summary>
    public static PerceiverTrainingOptions DetectionTraining { get; } = new()
    {
        Epochs = 12,
        BatchSize = 32,
        LearningRate = 4e-3,
        Optimizer = PerceiverOptimizer.Muon,
        Beta1 = 0.95,
        WeightDecay = 0.02,
        WeightAverageDecay = 0.99,
    };

    /// <summary>
    /// A model of 0.3 million parameters for some thousand arrays (series, grids, tables) of up to some thousand numbers: it trains in
    /// minutes on two cores. What the arrays are like, <see cref="PerceiverConfig.Array"/>, is found out from the data.
    /// </summary>
    public static PerceiverConfig SmallArray { get; } = new()
    {
        NumLatents = 32,
        LatentChannels = 96,
        ModelChannels = 96,
        NumSelfAttendsPerBlock = 3,
        NumSelfAttentionHeads = 4,
        NumCrossAttentionHeads = 4,
        QueryKeyChannels = 96,
        ValueChannels = 96,
        AttentionDropout = 0,
        InitializerRange = 0.1,
    };

    /// <summary>
    /// A model of 0.3 million parameters for tables of up to some dozen columns: <see cref="SmallArray"/> with fewer latents, as a table
    /// has fewer numbers than a series.
    /// </summary>
    public static PerceiverConfig SmallTable { get; } = SmallArray with { NumLatents = 16 };

    /// <summary>
    /// A training of <see cref="SmallArray"/> or <see cref="SmallTable"/> from random weights on some thousand labelled arrays. The
    /// trainers <c>PerceiverArray</c> train this way where no other training is given; that of regression without what concerns classes.
    /// </summary>
    public static PerceiverTrainingOptions ArrayTraining { get; } = new()
    {
        Epochs = 30,
        BatchSize = 32,
        LearningRate = 1e-3,
        Optimizer = PerceiverOptimizer.Muon,
        Beta1 = 0.95,
        WeightDecay = 0.05,
        LabelSmoothing = 0.05,
        WeightAverageDecay = 0.995,
        MonitorMetric = "LogLoss",
    };

    /// <summary>
    /// A training of <see cref="SmallArray"/> from random weights to forecast a series of some thousand instants, whose last tenth is for
    /// validation. <c>Forecasting.PerceiverArray</c> trains this way where no other training is given.
    /// </summary>
    public static PerceiverTrainingOptions ForecastTraining { get; } = new()
    {
        Epochs = 20,
        BatchSize = 32,
        LearningRate = 1e-3,
        Optimizer = PerceiverOptimizer.Muon,
        Beta1 = 0.95,
        WeightDecay = 0.05,
        WeightAverageDecay = 0.995,
    };

    /// <summary>A text model of a size: 0.1, 0.3 (<see cref="SmallText"/>) or 1.4 million parameters. Texts of up to 512 bytes.</summary>
    /// <param name="size">The size.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such size.</exception>
    public static PerceiverConfig Text(PerceiverModelSize size) => size switch
    {
        PerceiverModelSize.Tiny => SmallText with { NumLatents = 16, LatentChannels = 64, ModelChannels = 48, NumSelfAttendsPerBlock = 1 },
        PerceiverModelSize.Small => SmallText,
        PerceiverModelSize.Medium => SmallText with
        {
            NumLatents = 64,
            LatentChannels = 192,
            ModelChannels = 128,
            NumSelfAttendsPerBlock = 4,
            InitializerRange = 0.05,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(size), size, "There is no such size."),
    };

    /// <summary>
    /// An image model of a size: 0.3, 0.7 (<see cref="SmallImage"/>) or 2.5 million parameters. Images of 64 x 64 pixels, the tiny one's
    /// of 32 x 32. For <see cref="PerceiverImageHead.ConvProcessing"/>.
    /// </summary>
    /// <param name="size">The size.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such size.</exception>
    public static PerceiverConfig Image(PerceiverModelSize size) => size switch
    {
        PerceiverModelSize.Tiny => SmallImage with { NumLatents = 16, LatentChannels = 64, NumSelfAttendsPerBlock = 2, ImageSize = 32 },
        PerceiverModelSize.Small => SmallImage,
        PerceiverModelSize.Medium => SmallImage with { NumLatents = 64, LatentChannels = 256, NumSelfAttendsPerBlock = 4 },
        _ => throw new ArgumentOutOfRangeException(nameof(size), size, "There is no such size."),
    };

    /// <summary>
    /// A model of optical flow of 1.6 million parameters for tiles of 48 x 64 pixels: it trains in an hour on two cores, on motions of a
    /// pixel or two. Longer ones are reached by <see cref="PerceiverOpticalFlowPredictorOptions.PyramidLevels"/>. Start it from
    /// <see cref="PerceiverInitialization.LocalFlow"/>.
    /// </summary>
    public static PerceiverConfig SmallFlow { get; } = new()
    {
        NumLatents = 256,
        LatentChannels = 128,
        ModelChannels = 322,
        NumSelfAttendsPerBlock = 6,
        NumSelfAttentionHeads = 4,
        NumCrossAttentionHeads = 4,
        QueryKeyChannels = 128,
        ValueChannels = 128,
        CrossAttentionWideningFactor = 3,
        SelfAttentionWideningFactor = 3,
        AttentionDropout = 0,
        TrainSize = [48, 64],
        InitializerRange = 0.05,
    };
}
