using Microsoft.ML.Perceiver.Models;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// What the training of a text classifier starts from where no checkpoint is named: the bundled sentence encoder where it is with the
/// program and reads texts that are as long as asked for, else random weights.
/// </summary>
internal static class TextStart
{
    /// <summary>Whether it is the bundled sentence encoder.</summary>
    /// <param name="options">The settings.</param>
    internal static bool IsBundledEncoder(PerceiverTextClassificationOptions? options) =>
        options is { Checkpoint: null } && Find() is { } encoder && !IsTooShort(encoder, options);

    /// <summary>The weights to start from.</summary>
    /// <param name="options">The settings; they have a training where they name no checkpoint.</param>
    /// <param name="log">Is told what was chosen, where nothing was named.</param>
    internal static PerceiverCheckpoint Of(PerceiverTextClassificationOptions options, Action<string> log)
    {
        if (options.Checkpoint is { } named)
            return named;
        const string unnamed = "No checkpoint is named; the training starts from";
        if (Find() is not { } encoder)
        {
            log($"{unnamed} random weights: the package of the model {BundledModels.MiniSentence} is not with this program.");
        }
        else if (IsTooShort(encoder, options))
        {
            log($"{unnamed} random weights: {BundledModels.MiniSentence} reads {encoder.Config.MaxPositionEmbeddings} tokens, "
                + $"fewer than {nameof(options.MaxLength)}.");
        }
        else
        {
            const string random = $"{nameof(PerceiverPresets)}.{nameof(PerceiverPresets.RandomText)}";
            log($"{unnamed} {BundledModels.MiniSentence}; {random} as the checkpoint starts from random weights.");
            return encoder;
        }

        return options.CheckpointOr(PerceiverPresets.SmallText);
    }

    private static PerceiverCheckpoint? Find() =>
        BundledCheckpoints.TryFind(BundledModels.MiniSentence) is { } folder ? PerceiverCheckpoint.FromDirectory(folder) : null;

    private static bool IsTooShort(PerceiverCheckpoint encoder, PerceiverTextClassificationOptions options) =>
        options.MaxLength > encoder.Config.MaxPositionEmbeddings;
}
