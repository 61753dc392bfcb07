using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;

namespace Pretrain.Distill;

/// <summary>A sentence encoder and how it learns its teacher's vectors.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Training">The training.</param>
/// <param name="MostTexts">Texts of each bundled set, where the teacher's vectors are not given but computed first.</param>
internal sealed record DistillRecipe(string Name, PerceiverTrainingOptions Training, int MostTexts)
{
    /// <summary>Numbers of a vector of all-MiniLM-L6-v2.</summary>
    public const int EmbeddingSize = 384;

    /// <summary>As much as two hours on two cores allow, over a folder of the teacher's vectors.</summary>
    public static DistillRecipe Full { get; } = new(
        "perceiver-mini-sentence",
        new PerceiverTrainingOptions
        {
            Epochs = 6,
            BatchSize = 64,
            Optimizer = PerceiverOptimizer.Muon,
            LearningRate = 1e-3,
            WarmupFraction = 0.03,
            WeightDecay = 0.05,
            Precision = PerceiverPrecisions.Fastest(),
            EvaluateEverySteps = 1000,
        },
        MostTexts: int.MaxValue);

    /// <summary>The same in three minutes, over few texts.</summary>
    public static DistillRecipe Short { get; } = new(
        "perceiver-short-sentence",
        Full.Training with { Epochs = 2, EvaluateEverySteps = 50, MaxDuration = TimeSpan.FromMinutes(3) },
        MostTexts: 1500);

    /// <summary>The weights that the encoder starts from; its head is new.</summary>
    public static PerceiverCheckpoint Start => PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage);

    /// <summary>The losses and how texts are varied.</summary>
    public static PerceiverDistillationOptions Distillation { get; } = new()
    {
        Augmentation = new PerceiverTextAugmentation(),
    };
}
