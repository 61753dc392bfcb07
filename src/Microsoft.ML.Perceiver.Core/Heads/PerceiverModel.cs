using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The Perceiver: a preprocessor, the encoder, a decoder and a postprocessor. All but the encoder may be left out or be the user's own
/// (reference class <c>PerceiverModel</c>; figure 2 of the Perceiver IO paper).
/// </summary>
public sealed partial class PerceiverModel : PerceiverPreTrainedModel
{
    [ComponentName(Name = "input_preprocessor")] private readonly PerceiverPreprocessor? _preprocessor;
    [ComponentName(Name = "output_postprocessor")] private readonly PerceiverPostprocessor? _postprocessor;
    [ComponentName(Name = "embeddings")] private readonly PerceiverEmbeddings _latents;
    [ComponentName(Name = "encoder")] private readonly PerceiverEncoder _encoder;
    [ComponentName(Name = "decoder")] private readonly PerceiverDecoder? _decoder;

    /// <summary>Puts a model together.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="decoder">Computes the output from the latents; null for the encoder alone.</param>
    /// <param name="inputPreprocessor">
    /// Makes vectors of the input; null takes vectors of width <see cref="PerceiverConfig.ModelChannels"/>.
    /// </param>
    /// <param name="outputPostprocessor">Makes results of the decoder's output; null returns that output.</param>
    /// <param name="initialize">
    /// Whether to draw random weights; false leaves them on the meta device, without memory, for a checkpoint to fill.
    /// </param>
    /// <param name="seed">Seed of the random weights.</param>
    /// <exception cref="ArgumentException">The configuration's numbers do not fit each other.</exception>
    public PerceiverModel(
        PerceiverConfig config,
        PerceiverDecoder? decoder = null,
        PerceiverPreprocessor? inputPreprocessor = null,
        PerceiverPostprocessor? outputPostprocessor = null,
        bool initialize = true,
        long seed = 0)
        : base(config, nameof(PerceiverModel))
    {
        _preprocessor = inputPreprocessor;
        _postprocessor = outputPostprocessor;
        _latents = new PerceiverEmbeddings(config);
        _encoder = new PerceiverEncoder(config, inputPreprocessor?.NumChannels ?? config.ModelChannels);
        _decoder = decoder;
        FinishConstruction(initialize, seed);
    }

    /// <summary>The preprocessor; null for a model that takes vectors.</summary>
    public PerceiverPreprocessor? InputPreprocessor => _preprocessor;

    /// <summary>The trainable latents.</summary>
    public PerceiverEmbeddings Embeddings => _latents;

    /// <summary>The encoder.</summary>
    public PerceiverEncoder Encoder => _encoder;

    /// <summary>The decoder; null for the encoder alone.</summary>
    public PerceiverDecoder? Decoder => _decoder;

    /// <summary>The postprocessor; null for a model that returns the decoder's output.</summary>
    public PerceiverPostprocessor? OutputPostprocessor => _postprocessor;

    /// <summary>Runs the model.</summary>
    /// <param name="inputs">What the preprocessor takes; without one, floats [batch, inputs, d_model].</param>
    /// <param name="attentionMask">
    /// 1 to read an input and 0 to ignore it, [batch, inputs] or [batch, latents, inputs], where an extent may be 1 for all; null reads
    /// all.
    /// </param>
    /// <param name="headMask">
    /// 1 to keep a self-attention head and 0 to drop it, [heads], [layers, heads] or [layers, batch, heads, latents, latents], where any
    /// extent but the layers' may be 1 for all; null keeps all.
    /// </param>
    /// <param name="outputAttentions">
    /// Whether the attention probabilities are returned; null for <see cref="PerceiverConfig.OutputAttentions"/>.
    /// </param>
    /// <param name="outputHiddenStates">
    /// Whether the latents of every layer are returned; null for <see cref="PerceiverConfig.OutputHiddenStates"/>.
    /// </param>
    /// <param name="subsampledOutputPoints">The outputs wanted, as <see cref="PerceiverDecoder.Query"/> takes them; null for all.</param>
    /// <returns>The decoder's output where there is a decoder, the latents, and what else was asked for.</returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape or type; the message says which.</exception>
    public PerceiverModelOutput forward(
        PerceiverInputs inputs,
        Tensor? attentionMask = null,
        Tensor? headMask = null,
        bool? outputAttentions = null,
        bool? outputHiddenStates = null,
        PerceiverInputs? subsampledOutputPoints = null) =>
        Run(inputs, attentionMask, headMask, outputAttentions, outputHiddenStates, subsampledOutputPoints);

    /// <summary>As <see cref="forward"/>, with attentions that are followed.</summary>
    internal PerceiverModelOutput Run(
        PerceiverInputs inputs,
        Tensor? attentionMask,
        Tensor? headMask,
        bool? outputAttentions,
        bool? outputHiddenStates,
        PerceiverInputs? subsampledOutputPoints = null,
        AttentionTrace? trace = null)
    {
        using var scope = NewDisposeScope();
        var preprocessed = Preprocess(inputs);
        bool wantAttentions = outputAttentions ?? Config.OutputAttentions;
        var encoded = Encode(preprocessed, attentionMask, headMask, wantAttentions, outputHiddenStates ?? Config.OutputHiddenStates, trace);
        if (_decoder is null)
        {
            trace?.Complete(encoded.LastHiddenState);
            encoded.MoveToOuterDisposeScope();
            return encoded;
        }

        var several = _postprocessor as PerceiverMultimodalPostprocessor;
        var single = several is null ? _postprocessor : null;
        var query = _decoder.Query(preprocessed, subsampledOutputPoints);
        var decoded = _decoder.forward(query, encoded.LastHiddenState, wantAttentions);
        trace?.Complete(encoded.LastHiddenState, () => _decoder.LatentWeights(query, encoded.LastHiddenState));
        var output = new PerceiverModelOutput
        {
            Logits = single is null ? decoded.Logits : single.forward(decoded.Logits),
            ModalityLogits = several?.forward(decoded.Logits, _decoder.ModalityQueryCounts(subsampledOutputPoints)
                ?? throw new InvalidOperationException(
                    "The postprocessor needs the number of queries of each modality, which the decoder does not give.")),
            LastHiddenState = encoded.LastHiddenState,
            HiddenStates = encoded.HiddenStates,
            Attentions = encoded.Attentions,
            CrossAttentions = decoded.CrossAttention is { } last ? [.. encoded.CrossAttentions ?? [], last] : encoded.CrossAttentions,
        };
        output.MoveToOuterDisposeScope();
        return output;
    }

    /// <summary>Runs the preprocessor alone.</summary>
    /// <param name="inputs">What the preprocessor takes.</param>
    /// <returns>The sequence of vectors, [batch, inputs, channels], and the sizes of its modalities.</returns>
    /// <exception cref="ArgumentException">The input has the wrong shape or type.</exception>
    public PerceiverPreprocessedInputs Preprocess(PerceiverInputs inputs)
    {
        if (_preprocessor is not null)
            return _preprocessor.forward(inputs);
        var floats = inputs.Tensor;
        if (floats.dim() != 3 || floats.shape[2] != Config.ModelChannels)
        {
            throw new ArgumentException(
                $"The inputs have the shape [{string.Join(", ", floats.shape)}]; "
                + $"a model without a preprocessor takes [batch, inputs, {Config.ModelChannels}] (d_model).",
                nameof(inputs));
        }

        return new PerceiverPreprocessedInputs(floats);
    }

    /// <summary>
    /// Runs the preprocessor and the encoder, without the decoder; any number of queries can then be decoded from the latents.
    /// </summary>
    /// <param name="inputs">As in <see cref="forward"/>.</param>
    /// <param name="attentionMask">As in <see cref="forward"/>.</param>
    /// <returns>The latents after the last layer, [batch, latents, channels].</returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape or type; the message says which.</exception>
    public Tensor Encode(PerceiverInputs inputs, Tensor? attentionMask = null)
    {
        using var scope = NewDisposeScope();
        return EncodePreprocessed(Preprocess(inputs), attentionMask).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="Encode(PerceiverInputs, Tensor?)"/>, for an input that the decoder's queries need too.</summary>
    internal Tensor EncodePreprocessed(
        PerceiverPreprocessedInputs inputs, Tensor? attentionMask = null, AttentionTrace? trace = null) =>
        Encode(inputs, attentionMask, null, false, false, trace).LastHiddenState;

    /// <summary>As <see cref="PerceiverEncoder.Fold"/>.</summary>
    internal FoldedKeys? FoldKeys(PixelGrid grid) => _encoder.Fold(grid);

    /// <summary>Encodes inputs whose keys and values are known, without gradients.</summary>
    internal Tensor EncodeFolded(Tensor keys, Tensor values) => _encoder.Encode(_latents.forward(), keys, values);

    // The class alone does not say which preprocessor reads the images.
    private protected override IReadOnlyList<string> SavedArchitectures =>
        _preprocessor is PerceiverImagePreprocessor && HeadNames.ImagesOf(Config) is { } head
            ? [HeadNames.None, head]
            : [HeadNames.None];

    private protected override ModelInputs DefaultInputs => _preprocessor switch
    {
        PerceiverTextPreprocessor => ModelInputs.Text(Config),
        PerceiverImagePreprocessor { ReadsColourImages: true } => ModelInputs.Image(Config),
        _ => ModelInputs.None,
    };

    private PerceiverModelOutput Encode(
        PerceiverPreprocessedInputs inputs,
        Tensor? attentionMask,
        Tensor? headMask,
        bool wantAttentions,
        bool wantHiddenStates,
        AttentionTrace? trace = null) =>
        _encoder.Run(_latents.forward(), inputs.Inputs, attentionMask, headMask, wantAttentions, wantHiddenStates, trace);
}
