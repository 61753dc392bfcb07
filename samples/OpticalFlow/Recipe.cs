using Microsoft.ML.Perceiver;

namespace OpticalFlow;

/// <summary>The model perceiver-mini-flow and how it is trained; its card explains the choices.</summary>
internal static class Recipe
{
    /// <summary>Training examples, each seen once.</summary>
    public const int Rows = 40_000;

    /// <summary>Examples that choose the best weights, of numbers that training never reaches.</summary>
    public const int ValidationRows = 256;

    public const long FirstValidationRow = 1L << 40;

    /// <summary>Pixels of an example that the loss is taken over.</summary>
    public const int PixelsPerExample = 500;

    public static PerceiverConfig Config => PerceiverPresets.SmallFlow;

    // Motions as short as the ones that are left at each size of the frames' pyramid.
    public static PerceiverFlowGeneratorOptions Frames { get; } = new()
    {
        Height = Config.TrainSize[0],
        Width = Config.TrainSize[1],
        MaxShift = 1.6,
    };

    /// <summary>Longer motions are found in smaller frames first, and corrected at each size where much was found.</summary>
    public static PerceiverOpticalFlowPredictorOptions Flow { get; } = new()
    {
        MinOverlap = 4,
        PyramidLevels = 5,
        Refinements = 1,
        RefinementThreshold = 0.5f,
    };

    public static PerceiverFlowAugmentation Augmentation { get; } = new()
    {
        HorizontalFlip = true,
        VerticalFlip = true,
        ShuffleColors = true,
        Brightness = 0.05,
        Contrast = 0.2,
    };

    public static PerceiverTrainingOptions Training { get; } = new()
    {
        Epochs = 1,
        BatchSize = 16,
        LearningRate = 1.5e-3,
        WarmupFraction = 0.05,
        WeightDecay = 0.01,
        WeightAverageDecay = 0.99,
        Precision = PerceiverPrecisions.Fastest(),
        EvaluateEverySteps = 250,
    };
}
