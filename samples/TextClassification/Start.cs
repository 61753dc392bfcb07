using Microsoft.ML.Perceiver;

namespace TextClassification;

/// <summary>What a model starts from, and how it goes on from there.</summary>
/// <param name="Checkpoint">The first weights; null for what the trainer starts from where none are named.</param>
/// <param name="Pretraining">
/// How the model first learns to fill masks in the training texts, without their labels; null for not at all.
/// </param>
/// <param name="Training">How it then learns the labels.</param>
internal sealed record Start(
    Func<PerceiverCheckpoint>? Checkpoint, PerceiverTrainingOptions? Pretraining, PerceiverTrainingOptions Training)
{
    /// <summary>
    /// The same start with other numbers of epochs. Where only one for the labels is given, there is no other training, so that
    /// it compares starts.
    /// </summary>
    /// <param name="labels">Epochs for the labels; null leaves all as it is.</param>
    /// <param name="masks">
    /// Epochs for the masks, 0 for none; null leaves them as they are, or out where <paramref name="labels"/> is given.
    /// </param>
    /// <exception cref="ArgumentException">There are epochs for masks, but this start learns none.</exception>
    public Start WithEpochs(int? labels, int? masks)
    {
        if (masks is not (null or 0) && Pretraining is null)
            throw new ArgumentException("This start learns no masks before the labels; only banking77 from scratch does.");
        int? wanted = masks ?? (labels is null ? Pretraining?.Epochs : 0);
        return this with
        {
            Pretraining = wanted is null or 0 ? null : Pretraining! with { Epochs = wanted.Value },
            Training = labels is { } count ? Training with { Epochs = count } : Training,
        };
    }

    /// <summary>The same start with its trainings in folders of a run folder, from which they go on after an interruption.</summary>
    public Start InFolder(string? run) => run is null ? this : this with
    {
        Pretraining = Pretraining is null ? null : Pretraining with { RunFolder = Path.Combine(run, "masks") },
        Training = Training with { RunFolder = Path.Combine(run, "labels") },
    };
}
