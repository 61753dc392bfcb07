using Microsoft.ML.Perceiver;

namespace TextClassification;

/// <summary>What a model starts from, and how it goes on from there.</summary>
/// <param name="Checkpoint">The first weights.</param>
/// <param name="Pretraining">How the model first learns to fill masks in the training texts, without their labels; null for not at all.</param>
/// <param name="Training">How it then learns the labels.</param>
internal sealed record Start(Func<PerceiverCheckpoint> Checkpoint, PerceiverTrainingOptions? Pretraining, PerceiverTrainingOptions Training)
{
    /// <summary>The same start with another number of epochs for the labels.</summary>
    public Start WithEpochs(int? epochs) => epochs is { } count ? this with { Training = Training with { Epochs = count } } : this;

    /// <summary>The same start with its trainings in folders of a run folder, from which they go on after an interruption.</summary>
    public Start InFolder(string? run) => run is null ? this : this with
    {
        Pretraining = Pretraining is null ? null : Pretraining with { RunFolder = Path.Combine(run, "masks") },
        Training = Training with { RunFolder = Path.Combine(run, "labels") },
    };
}
