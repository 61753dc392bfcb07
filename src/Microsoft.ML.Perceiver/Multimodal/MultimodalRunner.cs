using static Microsoft.ML.Perceiver.PerceiverForMultimodalAutoencoding;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>How an autoencoder runs: windows to latents, and each kind of answer from these when it is asked for.</summary>
/// <param name="model">The model, on its device and in its precision.</param>
/// <param name="options">How it runs.</param>
internal sealed class MultimodalRunner(PerceiverForMultimodalAutoencoding model, PerceiverOptions options)
    : ModelRunner<PerceiverForMultimodalAutoencoding>(model, options)
{
    private readonly long _inputBudget = InputBudget.Of(model.Config, model.Preprocessor.NumChannels, options.MaxMemoryBytes);
    private readonly long? _maxBytes = options.MaxMemoryBytes;

    /// <summary>Rows that a data view reads ahead.</summary>
    internal int WindowSize => BatchSize;

    private PerceiverMultimodalExtents Extents => Model.Extents;

    /// <summary>Inputs of a window: patches of 4 x 4 pixels, patches of audio, and the label.</summary>
    internal static int InputsOf(PerceiverMultimodalExtents extents) => checked((int)(extents.ImagePoints / 16 + extents.AudioPoints + 1));

    /// <summary>The latents of windows, one after another.</summary>
    internal float[][] Encode(IReadOnlyList<PerceiverVideoExample> windows) => InBatches(windows, Model.Encode);

    /// <summary>What the label of each window looks at.</summary>
    internal float[][] AttentionOf(IReadOnlyList<PerceiverVideoExample> windows, PerceiverAttentionKind kind) =>
        InBatches(windows, (inputs, _) => Model.AttentionAt(inputs, Label, zeros(1, ScalarType.Int64, Device), kind));

    private float[][] InBatches(IReadOnlyList<PerceiverVideoExample> windows, Func<PerceiverInputs, Tensor?, Tensor> forward)
    {
        int together = (int)Math.Min(BatchSize, Math.Max(1, _inputBudget / InputsOf(Extents)));
        return [.. windows.Chunk(together).SelectMany(batch => Infer(() => forward(VideoBatch.Of(Model, batch).Inputs, null)))];
    }

    /// <summary>The probabilities of the labels for each window.</summary>
    internal float[][] Scores(float[][] latents) => Decode(latents, Label, logits => logits.softmax(-1));

    /// <summary>The frames of each window, frames x 3 x height x width, from 0 to 255.</summary>
    internal float[][] Frames(float[][] latents) => Decode(latents, Image, pixels =>
        pixels.clamp(Scalars.Kept(0), Scalars.Kept(1)).mul_(Scalars.Kept(255))
            .view(-1, Extents.Frames, Extents.Height * Extents.Width, 3).transpose(2, 3));

    /// <summary>The samples of each window.</summary>
    internal float[][] Samples(float[][] latents) => Decode(latents, Audio, samples => samples.clamp(Scalars.Kept(-1), Scalars.Kept(1)));

    // A window at a time: all of a long video's pixels together would not fit where its windows do.
    private float[][] Decode(float[][] latents, string modality, Func<Tensor, Tensor> finish) =>
        [.. latents.SelectMany(window => Infer(() => finish(Decode(window, modality))))];

    private Tensor Decode(float[] window, string modality)
    {
        var latents = tensor(window, [1, Model.Config.NumLatents, Model.Config.LatentChannels]).to(Precision.ToScalarType(), Device);
        return Model.DecodeOne(modality, latents, _maxBytes).to(ScalarType.Float32);
    }
}
