using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;
using Pretrain.Teacher;

namespace Pretrain.Distill;

/// <summary>A sentence encoder and how it learns its teacher's vectors.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Config">The model.</param>
/// <param name="Training">The training.</param>
/// <param name="MostTexts">Texts of each bundled set, where the teacher's vectors are not given but computed first.</param>
internal sealed record DistillRecipe(string Name, PerceiverConfig Config, PerceiverTrainingOptions Training, int MostTexts)
{
    private const string Table = "perceiver.input_preprocessor.ngrams.table";

    /// <summary>As much as two hours on two cores allow, over a folder of the teacher's vectors.</summary>
    public static DistillRecipe Full { get; } = new(
        BundledModels.MiniSentence,
        Recipe.Full.Config with
        {
            NumLatents = 32,
            EmbeddingSize = MiniLm.EmbeddingSize,
            Ngrams = new PerceiverNgrams { Sizes = [3, 4, 5], Buckets = 12_288, Channels = 64 },
        },
        new PerceiverTrainingOptions
        {
            Epochs = 6,
            BatchSize = 64,
            Optimizer = PerceiverOptimizer.Muon,
            LearningRate = 6e-3,
            // A row of the table is seen rarely, and has to move far each time.
            LearningRateFactors = new Dictionary<string, double> { [Table] = 100 },
            Beta1 = 0.95,
            Beta2 = 0.98,
            WarmupFraction = 0.03,
            WeightDecay = 0.05,
            Precision = PerceiverPrecisions.Fastest(),
            EvaluateEverySteps = 1000,
        },
        MostTexts: int.MaxValue);

    /// <summary>The same in three minutes, over few texts.</summary>
    public static DistillRecipe Short { get; } = Full with
    {
        Name = "perceiver-short-sentence",
        Training = Full.Training with { Epochs = 2, EvaluateEverySteps = 50, MaxDuration = TimeSpan.FromMinutes(3) },
        MostTexts = 1500,
    };

    /// <summary>The losses and how texts are varied.</summary>
    public static PerceiverDistillationOptions Distillation { get; } = new()
    {
        Augmentation = new PerceiverTextAugmentation(),
    };
}
