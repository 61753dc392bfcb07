using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;

namespace QuestionAnswering;

/// <summary>What the model starts from, and how it is trained.</summary>
internal static class Recipe
{
    /// <summary>How to train.</summary>
    /// <param name="full">Whether the questions are trained on in five epochs instead of two.</param>
    /// <param name="epochs">Another number of epochs than the recipe's; null for its own.</param>
    /// <param name="run">A run folder; null for none.</param>
    public static PerceiverTrainingOptions Training(bool full, int? epochs, string? run) => new()
    {
        Epochs = epochs ?? (full ? 5 : 2),
        BatchSize = 32,
        Optimizer = PerceiverOptimizer.Muon,
        LearningRate = 2e-3,
        WarmupFraction = 0.05,
        ValidationFraction = 0.02,
        Precision = PerceiverPrecisions.Fastest(),
        RunFolder = run,
    };

    /// <summary>The weights of a start.</summary>
    /// <param name="start">"language" or "sentence" for a bundled model, "scratch" for random weights of the first one's size.</param>
    /// <exception cref="ArgumentException">There is no such start.</exception>
    public static PerceiverCheckpoint Checkpoint(string start) => start switch
    {
        "language" => PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage),
        "sentence" => PerceiverCheckpoint.Bundled(BundledModels.MiniSentence),
        "scratch" => PerceiverCheckpoint.FromConfig(
            PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage).Config, seed: 1, PerceiverInitialization.LocalText),
        _ => throw new ArgumentException($"There is no start '{start}'; there are language, sentence and scratch."),
    };
}
