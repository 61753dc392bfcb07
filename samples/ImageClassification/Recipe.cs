using Microsoft.ML.Perceiver;

namespace ImageClassification;

/// <summary>A model and how it is trained.</summary>
/// <param name="Config">The model.</param>
/// <param name="Processor">How images are cut, resized and normalised.</param>
/// <param name="Training">The training.</param>
/// <param name="Augmentation">How training images are varied.</param>
/// <param name="Initialization">How the weights are initialised.</param>
internal sealed record Recipe(
    PerceiverConfig Config,
    PerceiverImageProcessorOptions Processor,
    PerceiverTrainingOptions Training,
    PerceiverImageAugmentation Augmentation,
    PerceiverInitialization Initialization)
{
    /// <summary>The bundled model that the training goes on from; null for random weights.</summary>
    public string? From { get; init; }

    /// <summary>What the training starts from.</summary>
    public PerceiverCheckpoint Checkpoint => From is null
        ? PerceiverCheckpoint.FromConfig(Config, seed: 1, Initialization)
        : PerceiverCheckpoint.Bundled(From);

    /// <summary>The same recipe with another number of epochs, if one is given, and a run folder, if one is given.</summary>
    public Recipe With(int? epochs, string? run) =>
        this with { Training = Training with { Epochs = epochs ?? Training.Epochs, RunFolder = run } };
}
