using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// An autoencoder of video, audio and label (reference class <c>PerceiverForMultimodalAutoencoding</c>; section 4.3 of the
/// Perceiver IO paper). The label is masked, so that the autoencoder classifies videos too.
/// </summary>
public sealed class PerceiverForMultimodalAutoencoding : PerceiverPreTrainedModel
{
    /// <summary>The modality of the frames.</summary>
    public const string Image = "image";

    /// <summary>The modality of the audio.</summary>
    public const string Audio = "audio";

    /// <summary>The modality of the label.</summary>
    public const string Label = "label";

    [ComponentName(Name = "perceiver")] private readonly PerceiverModel _perceiver;
    private readonly Unregistered<PerceiverMultimodalPreprocessor> _preprocessor;
    private readonly Unregistered<PerceiverMultimodalDecoder> _decoder;
    private readonly Unregistered<PerceiverMultimodalPostprocessor> _postprocessor;

    /// <summary>Makes the model.</summary>
    /// <param name="config">The configuration; its frames, samples, output shape and labels give the extents.</param>
    /// <param name="initialize">Whether to draw random weights; false leaves them on the meta device for a checkpoint to fill.</param>
    /// <param name="seed">Seed of the random weights.</param>
    /// <exception cref="ArgumentException">The configuration's numbers do not fit each other.</exception>
    public PerceiverForMultimodalAutoencoding(PerceiverConfig config, bool initialize = true, long seed = 0)
        : base(config, nameof(PerceiverForMultimodalAutoencoding))
    {
        Extents = PerceiverMultimodalExtents.Of(config);
        _preprocessor = new(MultimodalParts.Preprocessor(config));
        _decoder = new(MultimodalParts.Decoder(config));
        _postprocessor = new(MultimodalParts.Postprocessor(config));
        _perceiver = new PerceiverModel(config, _decoder.Module, _preprocessor.Module, _postprocessor.Module, initialize: false);
        FinishConstruction(initialize, seed);
    }

    /// <summary>The encoder with its preprocessor, decoder and postprocessor.</summary>
    public PerceiverModel Perceiver => _perceiver;

    /// <summary>The sizes of the model's input and output, in frames, pixels and samples.</summary>
    public PerceiverMultimodalExtents Extents { get; }

    /// <summary>The preprocessor, whose masks of the training mode can be set.</summary>
    public PerceiverMultimodalPreprocessor Preprocessor => _preprocessor.Module;

    /// <summary>Loads a folder that <see cref="PerceiverPreTrainedModel.SavePretrained"/> or Hugging Face wrote.</summary>
    /// <param name="directory">The folder.</param>
    /// <returns>The model with the weights of the folder, on the CPU and in evaluation mode.</returns>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="FormatException">A file is damaged, or the weights are another model's.</exception>
    public static PerceiverForMultimodalAutoencoding FromPretrained(string directory) =>
        PerceiverCheckpoint.FromDirectory(directory).Load(c => new PerceiverForMultimodalAutoencoding(c, initialize: false)).Model;

    /// <summary>Runs the whole network for some points of the output.</summary>
    /// <param name="inputs">
    /// <see cref="Image"/>, floats [batch, frames, 3, height, width]; <see cref="Audio"/>, floats [batch, samples, 1]; <see cref="Label"/>,
    /// floats [batch, labels], which is masked and may be left out.
    /// </param>
    /// <param name="attentionMask">1 to read an input and 0 to ignore it, [batch, inputs]; null reads all.</param>
    /// <param name="headMask">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="outputAttentions">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="outputHiddenStates">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="subsampledOutputPoints">
    /// int64 indices by modality: of <see cref="Image"/> into frames x height x width, of <see cref="Audio"/> into the patches; a modality
    /// that is left out is decoded whole. Null for everything, which <see cref="Reconstruct"/> does in less memory and time.
    /// </param>
    /// <param name="targets">
    /// The true output, for a loss (the reference takes none): <see cref="Image"/> and <see cref="Audio"/> whole, as in the input, and
    /// <see cref="Label"/> as int64 [batch], -100 for none; null for no loss; a modality that is left out has no term.
    /// </param>
    /// <param name="weights">The weights of the loss's terms; null for the defaults.</param>
    /// <returns>The output at these points, for each modality, and what else was asked for.</returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape or type, or is missing; the message says which.</exception>
    public PerceiverMultimodalOutput forward(
        PerceiverInputs inputs,
        Tensor? attentionMask = null,
        Tensor? headMask = null,
        bool? outputAttentions = null,
        bool? outputHiddenStates = null,
        PerceiverInputs? subsampledOutputPoints = null,
        PerceiverInputs? targets = null,
        PerceiverAutoencodingWeights? weights = null)
    {
        using var scope = NewDisposeScope();
        var output = _perceiver.forward(
            WithLabel(inputs), attentionMask, headMask, outputAttentions, outputHiddenStates, subsampledOutputPoints);
        var logits = output.ModalityLogits!;
        var result = new PerceiverMultimodalOutput
        {
            Loss = targets is { } t
                ? AutoencodingLoss.Compute(logits, t.Modalities, subsampledOutputPoints?.Modalities, Extents, weights ?? new())
                : null,
            Image = logits[Image],
            Audio = logits[Audio],
            Label = logits[Label],
            HiddenStates = output.HiddenStates,
            Attentions = output.Attentions,
            CrossAttentions = output.CrossAttentions,
        };
        result.MoveToOuterDisposeScope();
        return result;
    }

    /// <summary>Runs the preprocessor and the encoder. Any number of points can then be decoded by <see cref="Decode"/>.</summary>
    /// <param name="inputs">As in <see cref="forward"/>.</param>
    /// <param name="attentionMask">As in <see cref="forward"/>.</param>
    /// <returns>The latents, [batch, latents, channels].</returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape or type, or is missing.</exception>
    public Tensor Encode(PerceiverInputs inputs, Tensor? attentionMask = null)
    {
        using var scope = NewDisposeScope();
        return _perceiver.Encode(WithLabel(inputs), attentionMask).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Decodes points of the output from the latents in chunks that fit a budget of memory, with the results of <see cref="forward"/>.
    /// </summary>
    /// <param name="latents">What <see cref="Encode"/> returned.</param>
    /// <param name="points">As <see cref="forward"/> takes them; null for everything.</param>
    /// <param name="maxMemoryBytes">
    /// The memory of one chunk's tensors, 16 MiB where it is null; a chunk has at least one point, or row of pixels.
    /// </param>
    /// <param name="cancellation">Checked between chunks.</param>
    /// <returns>The output at these points, for each modality.</returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape or type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The budget is not positive.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <remarks>Without gradients and without dropout. Intermediate tensors are released after each chunk.</remarks>
    public PerceiverMultimodalOutput Decode(
        Tensor latents, PerceiverInputs? points = null, long? maxMemoryBytes = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(latents);
        if (latents.dim() != 3 || latents.shape[2] != Config.LatentChannels)
        {
            throw new ArgumentException(
                $"The latents have the shape [{string.Join(", ", latents.shape)}]; they need [batch, latents, {Config.LatentChannels}].",
                nameof(latents));
        }

        if (maxMemoryBytes <= 0)
            throw new ArgumentOutOfRangeException(nameof(maxMemoryBytes), maxMemoryBytes, "The budget must be positive, or null.");
        using var gradients = no_grad();
        return Decoding(maxMemoryBytes, cancellation).Run(latents, points?.Modalities);
    }

    /// <summary>What some outputs of a modality look at, as the label, which is one output.</summary>
    /// <param name="inputs">As in <see cref="forward"/>.</param>
    /// <param name="modality">The modality of the outputs.</param>
    /// <param name="points">
    /// int64 indices: of <see cref="Image"/> into frames x height x width, of <see cref="Audio"/> into the patches, of
    /// <see cref="Label"/> 0 alone, [points].
    /// </param>
    /// <param name="kind">Which attentions count.</param>
    /// <returns>
    /// float32 [batch, points, inputs], as <see cref="PerceiverModel.AttentionMap"/> gives it; one row for
    /// <see cref="PerceiverAttentionKind.Encoder"/>. The inputs are the patches of the audio, those of the video (4 x 4 pixels of a frame;
    /// frame by frame, row by row), and the masked label.
    /// </returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape or type, or is missing, or there is no such modality.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is none of its values.</exception>
    public Tensor AttentionAt(
        PerceiverInputs inputs, string modality, Tensor points, PerceiverAttentionKind kind = PerceiverAttentionKind.Rollout)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (modality is not (Image or Audio or Label))
            throw new ArgumentException($"There is no modality '{modality}'; there are {Audio}, {Image} and {Label}.", nameof(modality));
        return _perceiver.AttentionOf(WithLabel(inputs), null, kind, _ => _decoder.Module.QueryAt(modality, points));
    }

    /// <summary>As <see cref="Decode"/>, of one whole modality.</summary>
    internal Tensor DecodeOne(string modality, Tensor latents, long? maxMemoryBytes) =>
        Decoding(maxMemoryBytes, default).RunOne(modality, latents);

    /// <summary>
    /// The whole video, its audio and its label: the encoder runs once, the decoder in chunks that fit a budget of memory.
    /// </summary>
    /// <param name="inputs">As in <see cref="forward"/>.</param>
    /// <param name="maxMemoryBytes">As in <see cref="Decode"/>.</param>
    /// <param name="cancellation">Checked between chunks.</param>
    /// <returns>Frames, audio and label scores; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape or type, or is missing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The budget is not positive.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public PerceiverReconstruction Reconstruct(
        PerceiverInputs inputs, long? maxMemoryBytes = null, CancellationToken cancellation = default)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        using var decoded = Decode(Encode(inputs), null, maxMemoryBytes, cancellation);
        var pixels = decoded.Image.view(-1, Extents.Frames, Extents.Height, Extents.Width, 3);
        var image = pixels.permute(0, 1, 4, 2, 3).contiguous().MoveToOuterDisposeScope();
        var (audio, label) = (decoded.Audio.alias().MoveToOuterDisposeScope(), decoded.Label.alias().MoveToOuterDisposeScope());
        return new PerceiverReconstruction(image, audio, label);
    }

    private ChunkedDecoding Decoding(long? maxBytes, CancellationToken cancellation) =>
        new(_decoder.Module, _postprocessor.Module, Extents, maxBytes ?? ChunkedDecoding.DefaultBytes, cancellation);

    /// <inheritdoc/>
    /// <remarks>Two graphs: an encoder, and a decoder of any points of the video and of the audio.</remarks>
    internal override void ToOnnx(OnnxExport export)
    {
        var encoder = export.NewGraph(OnnxExport.Encoder);
        var extents = new OnnxExtents(Extents.Height, Extents.Width, Extents.Frames, Extents.Samples);
        encoder.Output(PerceiverModel.LatentsName, _perceiver.EncodeToOnnx(encoder, extents).Latents);

        var decoder = export.NewGraph(OnnxExport.Decoder);
        var latents = _perceiver.LatentsInputToOnnx(decoder);
        var points = new OnnxInputs(null, new Dictionary<string, OnnxValue>
        {
            [Image] = decoder.Input("image_points", OnnxElement.Int64, "image_points"),
            [Audio] = decoder.Input("audio_points", OnnxElement.Int64, "audio_points"),
        });
        var decoded = _decoder.Module.ToOnnx(decoder, _decoder.Module.QueryAtToOnnx(decoder, points), latents);
        var results = _postprocessor.Module.ToOnnx(decoder, decoded, _decoder.Module.QueryCountsToOnnx(points));
        foreach (string name in new[] { Image, Audio, Label })
            decoder.Output(name, results[name]);
    }

    // The mask replaces the label, whatever the label is.
    private PerceiverInputs WithLabel(PerceiverInputs inputs)
    {
        var given = inputs.Modalities;
        if (given.ContainsKey(Label) || !given.TryGetValue(Audio, out var audio))
            return inputs;
        var label = zeros(audio.shape[0], Config.NumLabels, audio.dtype, audio.device);
        return new PerceiverInputs(new Dictionary<string, Tensor>(given) { [Label] = label });
    }

    private protected override void InitializeLocally(
        PerceiverInitialization initialization, IReadOnlyDictionary<string, Tensor> weights, Generator generator)
    {
        if (initialization == PerceiverInitialization.LocalVideo)
            LocalVideoInitializer.Apply(Config, weights, generator);
        else
            base.InitializeLocally(initialization, weights, generator);
    }
}
