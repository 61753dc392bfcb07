using Microsoft.ML.Runtime;
using static Microsoft.ML.Perceiver.PerceiverForMultimodalAutoencoding;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>A loaded autoencoder: windows to latents, and each kind of answer from these when it is asked for.</summary>
internal sealed class MultimodalRunner : ModelRunner<PerceiverForMultimodalAutoencoding>
{
    private readonly long _inputBudget;
    private readonly long? _maxBytes;

    /// <inheritdoc cref="ModelRunner{TModel}(IHostEnvironment, TModel, StageSettings, string?)"/>
    internal MultimodalRunner(IHostEnvironment environment, PerceiverForMultimodalAutoencoding model, MultimodalSettings settings, string? device)
        : base(environment, model, settings, device)
    {
        _maxBytes = settings.MaxMemoryBytes;
        _inputBudget = InputBudget.Of(model.Config, model.Preprocessor.NumChannels, _maxBytes);
    }

    internal PerceiverMultimodalExtents Extents => Model.Extents;

    /// <summary>Rows that a data view reads ahead.</summary>
    internal int WindowSize => BatchSize;

    /// <summary>The latents of windows, one after another.</summary>
    internal float[][] Encode(IReadOnlyList<PerceiverVideoExample> windows)
    {
        // Patches of 4 x 4 pixels, patches of sound, and the label.
        long inputs = Extents.ImagePoints / 16 + Extents.AudioPoints + 1;
        int together = (int)Math.Min(BatchSize, Math.Max(1, _inputBudget / inputs));
        return [.. windows.Chunk(together).SelectMany(batch => Infer(() => Rows(Model.Encode(VideoBatch.Of(Model, batch).Inputs))))];
    }

    /// <summary>The probabilities of the labels for each window.</summary>
    internal float[][] Scores(float[][] latents) => Answer(latents, Label, x => x.softmax(-1));

    /// <summary>The frames of each window, frames x 3 x height x width, from 0 to 255.</summary>
    internal float[][] Frames(float[][] latents) => Answer(latents, Image, x =>
        x.clamp(0, 1).mul_(255).view(-1, Extents.Frames, Extents.Height * Extents.Width, 3).transpose(2, 3));

    /// <summary>The samples of each window.</summary>
    internal float[][] Sound(float[][] latents) => Answer(latents, Audio, x => x.clamp(-1, 1));

    // A window at a time: all of a long video's pixels together would not fit where its windows do.
    private float[][] Answer(float[][] latents, string modality, Func<Tensor, Tensor> use) => [.. latents.Select(window => Infer(() =>
    {
        var z = tensor(window, [1, Model.Config.NumLatents, Model.Config.LatentChannels]).to(Precision.ToScalarType(), Device);
        return Rows(use(Model.DecodeOne(modality, z, _maxBytes).to(ScalarType.Float32)))[0];
    }))];
}
