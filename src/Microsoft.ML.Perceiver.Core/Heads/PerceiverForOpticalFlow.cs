using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The motion of every pixel from one frame to the next (reference class <c>PerceiverForOpticalFlow</c>; section 4.3 and appendix H of the
/// Perceiver IO paper).
/// </summary>
public sealed class PerceiverForOpticalFlow : PerceiverPreTrainedModel
{
    /// <summary>Frames of an input.</summary>
    public const int Frames = 2;

    /// <summary>Channels of a frame's pixel: the colours of the 3 x 3 pixels around it.</summary>
    public const int PatchChannels = 27;

    [ComponentName(Name = "perceiver")] private readonly PerceiverModel _perceiver;
    private readonly Unregistered<PerceiverOpticalFlowDecoder> _decoder;
    private readonly Unregistered<PerceiverImagePreprocessor> _preprocessor;

    /// <summary>Makes the model.</summary>
    /// <param name="config">The configuration; <see cref="PerceiverConfig.TrainSize"/> is the size of the frames.</param>
    /// <param name="initialize">Whether to draw random weights; false leaves them on the meta device for a checkpoint to fill.</param>
    /// <param name="seed">Seed of the random weights.</param>
    /// <exception cref="ArgumentException">The configuration's numbers do not fit each other.</exception>
    public PerceiverForOpticalFlow(PerceiverConfig config, bool initialize = true, long seed = 0)
        : base(config, nameof(PerceiverForOpticalFlow))
    {
        if (config.TrainSize is not [> 0, > 0])
        {
            throw new ArgumentException(
                $"The size of the frames (train_size) is a height and a width, not [{string.Join(", ", config.TrainSize)}].",
                nameof(config));
        }

        var positions = PerceiverPositionEncodingOptions.ForFourier(new PerceiverFourierPositionOptions(64, config.TrainSize));
        var preprocessor = new PerceiverImagePreprocessor(new PerceiverImagePreprocessorOptions
        {
            PrepType = PerceiverImagePrepType.Patches,
            SpatialDownsample = 1,
            TemporalDownsample = Frames,
            LinearAfterPatching = true,
            LinearAfterPatchingInChannels = Frames * PatchChannels,
            InChannels = PatchChannels,
            PositionEncoding = positions,
        });
        var decoder = new PerceiverOpticalFlowDecoder(config, config.TrainSize, new PerceiverBasicDecoderOptions
        {
            NumChannels = preprocessor.NumChannels,
            PositionEncoding = positions,
        });
        (_decoder, _preprocessor) = (new(decoder), new(preprocessor));
        _perceiver = new PerceiverModel(config, decoder, preprocessor, initialize: false);
        FinishConstruction(initialize, seed);
    }

    /// <summary>The encoder with its preprocessor and decoder.</summary>
    public PerceiverModel Perceiver => _perceiver;

    /// <summary>The decoder's queries that are computed at once.</summary>
    internal int QueriesAtOnce
    {
        get => _decoder.Module.QueriesAtOnce;
        set => _decoder.Module.QueriesAtOnce = value;
    }

    /// <summary>Loads a folder that <see cref="PerceiverPreTrainedModel.SavePretrained"/> or Hugging Face wrote.</summary>
    /// <param name="directory">The folder.</param>
    /// <returns>The model with the weights of the folder, on the CPU and in evaluation mode.</returns>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="FormatException">A file is damaged, or the weights are another model's.</exception>
    public static PerceiverForOpticalFlow FromPretrained(string directory) =>
        PerceiverCheckpoint.FromDirectory(directory).Load(c => new PerceiverForOpticalFlow(c, initialize: false)).Model;

    /// <summary>Finds the motion of every pixel of the first frame.</summary>
    /// <param name="inputs">
    /// Both frames as the colours of the 3 x 3 pixels around each pixel, floats [batch, 2, 27, height, width], with height and width of
    /// <see cref="PerceiverConfig.TrainSize"/>; <see cref="PerceiverOpticalFlowProcessor.Patches"/> makes them.
    /// </param>
    /// <param name="attentionMask">1 to read a pixel and 0 to ignore it, [batch, height times width]; null reads all.</param>
    /// <param name="headMask">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="outputAttentions">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="outputHiddenStates">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="labels">
    /// The true motions in the logits' unit, floats [batch, height, width, 2], not a number where they are unknown; null for no loss. The
    /// reference takes none.
    /// </param>
    /// <returns>The flow in pixels, [batch, height, width, 2], and what else was asked for.</returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape or type; the message says which.</exception>
    public PerceiverOpticalFlowOutput forward(
        Tensor inputs,
        Tensor? attentionMask = null,
        Tensor? headMask = null,
        bool? outputAttentions = null,
        bool? outputHiddenStates = null,
        Tensor? labels = null)
    {
        CheckFrames(inputs);
        using var scope = NewDisposeScope();
        bool wantsMore = (outputAttentions ?? Config.OutputAttentions) || (outputHiddenStates ?? Config.OutputHiddenStates);
        bool isPlain = attentionMask is null && headMask is null && labels is null && !wantsMore;
        if (isPlain && !training && !is_grad_enabled()
            && FoldedFlow.TryRun(_perceiver, _preprocessor.Module, _decoder.Module, inputs) is { } folded)
        {
            return new PerceiverOpticalFlowOutput { Logits = folded.MoveToOuterDisposeScope() };
        }

        var output = _perceiver.forward(inputs, attentionMask, headMask, outputAttentions, outputHiddenStates);
        var result = new PerceiverOpticalFlowOutput
        {
            Loss = labels is null ? null : EndPointError(output.Logits!, labels),
            Logits = output.Logits!,
            HiddenStates = output.HiddenStates,
            Attentions = output.Attentions,
            CrossAttentions = output.CrossAttentions,
        };
        result.MoveToOuterDisposeScope();
        return result;
    }

    /// <summary>The motions of some pixels only: the same numbers as <see cref="forward"/> has there, without decoding the rest.</summary>
    /// <param name="inputs">As in <see cref="forward"/>.</param>
    /// <param name="pixels">Indices into the flattened frame, int64 [batch, pixels].</param>
    /// <returns>[batch, pixels, 2].</returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape or type; the message says which.</exception>
    public Tensor FlowAt(Tensor inputs, Tensor pixels)
    {
        CheckFrames(inputs);
        TensorChecks.RequireIndices(pixels, nameof(pixels), inputs.shape.AsSpan(0, 1), "pixels");
        using var scope = NewDisposeScope();
        var preprocessed = _perceiver.Preprocess(inputs);
        var latents = _perceiver.EncodePreprocessed(preprocessed);
        return _decoder.Module.Motions(QueryAt(preprocessed, pixels), latents).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// What the motions of some pixels look at. All of them would be a weight for each pair of pixels, which is why there is no column of
    /// it.
    /// </summary>
    /// <param name="inputs">As in <see cref="forward"/>.</param>
    /// <param name="pixels">Indices into the flattened frame, int64 [batch, pixels].</param>
    /// <param name="kind">Which attentions count.</param>
    /// <returns>
    /// float32 [batch, pixels, height times width], as <see cref="PerceiverModel.AttentionMap"/> gives it: an input is a pixel of both
    /// frames; one row for <see cref="PerceiverAttentionKind.Encoder"/>.
    /// </returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape or type; the message says which.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is none of its values.</exception>
    public Tensor AttentionAt(Tensor inputs, Tensor pixels, PerceiverAttentionKind kind = PerceiverAttentionKind.Rollout)
    {
        CheckFrames(inputs);
        TensorChecks.RequireIndices(pixels, nameof(pixels), inputs.shape.AsSpan(0, 1), "pixels");
        return _perceiver.AttentionOf(inputs, null, kind, preprocessed => QueryAt(preprocessed, pixels));
    }

    private static Tensor QueryAt(PerceiverPreprocessedInputs preprocessed, Tensor pixels) =>
        preprocessed.Inputs.gather(1, pixels.unsqueeze(-1).expand(-1, -1, preprocessed.Inputs.shape[^1]));

    /// <summary>The mean distance between motions over the pixels whose true one is known; zero where none is.</summary>
    internal static Tensor EndPointError(Tensor flow, Tensor truth)
    {
        if (!truth.shape.SequenceEqual(flow.shape) || !truth.is_floating_point())
        {
            throw new ArgumentException(
                $"The labels are {truth.dtype} [{string.Join(", ", truth.shape)}]; "
                + $"they need to be floats [{string.Join(", ", flow.shape)}].",
                nameof(truth));
        }

        var known = Known(truth);
        var difference = (flow.to(ScalarType.Float32) - truth.nan_to_num(0)) * known.unsqueeze(-1);
        // The root has no derivative at zero; the added term is far below the resolution of a frame.
        var distance = difference.Squared().sum(-1).Plus(1e-12).sqrt() * known;
        return distance.sum() / known.sum().clamp_min(Scalars.Kept(1));
    }

    /// <summary>Which pixels' motions are known, as those that are no numbers are not.</summary>
    internal static Tensor Known(Tensor truth) => truth.isnan().logical_not().all(-1);

    /// <inheritdoc/>
    /// <remarks>Two graphs: an encoder, and a decoder of any pixels, which takes the frames too, as a query is made of its pixel.</remarks>
    internal override void ToOnnx(OnnxExport export)
    {
        var encoder = export.NewGraph(OnnxExport.Encoder);
        var extents = OnnxExtents.Of(Config) with { Height = Config.TrainSize[0], Width = Config.TrainSize[1] };
        encoder.Output(PerceiverModel.LatentsName, _perceiver.EncodeToOnnx(encoder, extents).Latents);

        var decoder = export.NewGraph(OnnxExport.Decoder);
        var latents = _perceiver.LatentsInputToOnnx(decoder);
        var frames = _preprocessor.Module.InputsToOnnx(decoder, extents).Value;
        var points = decoder.Input("points", OnnxElement.Int64, "points");
        var query = _preprocessor.Module.AtToOnnx(decoder, frames, points);
        decoder.Output("logits", _decoder.Module.ToOnnx(decoder, query, latents));
    }

    private protected override ModelInputs DefaultInputs => new(ImageProcessor: FlowProcessorKeys.Write(new()));

    private void CheckFrames(Tensor inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        long[] needed = [Frames, PatchChannels, Config.TrainSize[0], Config.TrainSize[1]];
        if (inputs.dim() != 5 || !inputs.shape.AsSpan(1).SequenceEqual(needed))
        {
            throw new ArgumentException(
                $"The frames have the shape [{string.Join(", ", inputs.shape)}]; this model takes [batch, {string.Join(", ", needed)}].",
                nameof(inputs));
        }
    }

    private protected override void InitializeLocally(
        PerceiverInitialization initialization, IReadOnlyDictionary<string, Tensor> weights, Generator generator)
    {
        if (initialization == PerceiverInitialization.LocalFlow)
            LocalFlowInitializer.Apply(Config, weights, generator);
        else
            base.InitializeLocally(initialization, weights, generator);
    }
}
