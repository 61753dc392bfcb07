using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Object detection: a trainable query for each box, which attends to the latents of an image and gives the box and a score for each label
/// and for no object (N. Carion et al., End-to-End Object Detection with Transformers, 2020). Every query has a trainable reference box,
/// which its prediction is an offset to (as in S. Liu et al., DAB-DETR, 2022). The reference has no such class for the Perceiver; outputs
/// and loss are those of its <c>DetrForObjectDetection</c>, and the keys of preprocessor, latents and encoder those of
/// <see cref="PerceiverForImageClassificationConvProcessing"/>, so that its checkpoints load.
/// </summary>
public sealed class PerceiverForObjectDetection : PerceiverPreTrainedModel
{
    /// <summary>The queries where the configuration names no number, as in the reference's DETR.</summary>
    internal const int DefaultQueries = 100;

    [ComponentName(Name = "perceiver")] private readonly PerceiverModel _perceiver;
    [ComponentName(Name = "class_labels_classifier")] private readonly PerceiverLinear _classifier;
    [ComponentName(Name = "bbox_predictor")] private readonly BoxPredictor _boxes;

    /// <summary>Makes the model.</summary>
    /// <param name="config">The configuration; <see cref="PerceiverConfig.NumQueries"/> is the number of boxes.</param>
    /// <param name="initialize">Whether to draw random weights; false leaves them on the meta device for a checkpoint to fill.</param>
    /// <param name="seed">Seed of the random weights.</param>
    /// <exception cref="ArgumentException">The configuration's numbers do not fit each other.</exception>
    public PerceiverForObjectDetection(PerceiverConfig config, bool initialize = true, long seed = 0)
        : base(config, nameof(PerceiverForObjectDetection))
    {
        NumQueries = QueriesOf(config);
        var preprocessor = new PerceiverImagePreprocessor(PerceiverForImageClassificationConvProcessing.Preprocessor(config));
        _perceiver = new PerceiverModel(config, CreateDecoder(config), preprocessor, initialize: false);
        _classifier = new PerceiverLinear(config.LatentChannels, config.NumLabels + 1, ParameterRole.Output) { GivesLabels = true };
        _boxes = new BoxPredictor(config.LatentChannels, NumQueries);
        FinishConstruction(initialize, seed);
    }

    /// <summary>The encoder with its image preprocessor and the decoder of the queries.</summary>
    public PerceiverModel Perceiver => _perceiver;

    /// <summary>The boxes of an image.</summary>
    public int NumQueries { get; }

    /// <summary>Loads a folder that <see cref="PerceiverPreTrainedModel.SavePretrained"/> wrote.</summary>
    /// <param name="directory">The folder.</param>
    /// <returns>The model with the weights of the folder, on the CPU and in evaluation mode.</returns>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="FormatException">A file is damaged, or the weights are another model's.</exception>
    public static PerceiverForObjectDetection FromPretrained(string directory) =>
        PerceiverCheckpoint.FromDirectory(directory).Load(c => new PerceiverForObjectDetection(c, initialize: false)).Model;

    /// <summary>Finds objects in images.</summary>
    /// <param name="pixelValues">Normalised pixels, floats [batch, 3, height, width].</param>
    /// <param name="attentionMask">1 to read a position and 0 to ignore it, [batch, positions]; null reads all.</param>
    /// <param name="headMask">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="outputAttentions">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="outputHiddenStates">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="labels">The objects of each image; null for no loss.</param>
    /// <param name="weights">The terms of matching and loss; null for those of the paper.</param>
    /// <returns>Scores, boxes and, with labels, the loss.</returns>
    /// <exception cref="ArgumentException">
    /// A tensor has the wrong shape or type, or an image has more objects than there are queries; the message says which.
    /// </exception>
    public PerceiverObjectDetectionOutput forward(
        Tensor pixelValues,
        Tensor? attentionMask = null,
        Tensor? headMask = null,
        bool? outputAttentions = null,
        bool? outputHiddenStates = null,
        IReadOnlyList<PerceiverDetectionTarget>? labels = null,
        PerceiverDetectionWeights? weights = null)
    {
        ArgumentNullException.ThrowIfNull(pixelValues);
        using var scope = NewDisposeScope();
        var output = _perceiver.forward(pixelValues, attentionMask, headMask, outputAttentions, outputHiddenStates);
        var (logits, boxes) = (_classifier.forward(output.Logits!), _boxes.forward(output.Logits!));
        var result = new PerceiverObjectDetectionOutput
        {
            Logits = logits,
            PredictedBoxes = boxes,
            Loss = labels is null ? null : DetectionLoss.Of(logits, boxes, labels, weights ?? new PerceiverDetectionWeights()),
            HiddenStates = output.HiddenStates,
            Attentions = output.Attentions,
            CrossAttentions = output.CrossAttentions,
        };
        result.MoveToOuterDisposeScope();
        return result;
    }

    /// <summary>The queries of a configuration.</summary>
    internal static int QueriesOf(PerceiverConfig config) => config.NumQueries ?? DefaultQueries;

    /// <inheritdoc/>
    internal override void ToOnnx(OnnxExport export)
    {
        export.Labels = Config.LabelNames;
        var builder = export.NewGraph();
        var encoded = _perceiver.EncodeToOnnx(builder, OnnxExtents);
        var decoder = _perceiver.Decoder!;
        var decoded = decoder.ToOnnx(builder, decoder.QueryToOnnx(builder, encoded.Preprocessed), encoded.Latents);
        builder.Output("logits", _classifier.ToOnnx(builder, decoded));
        builder.Output("pred_boxes", _boxes.ToOnnx(builder, decoded));
    }

    private protected override ModelInputs DefaultInputs => ModelInputs.Image(Config);

    private protected override PerceiverConfig SavedLabels(PerceiverConfig config) => config.WithLabels(config.LabelNames);

    private protected override void InitializeLocally(
        PerceiverInitialization initialization, IReadOnlyDictionary<string, Tensor> weights, Generator generator)
    {
        var resolutions = PerceiverForImageClassificationConvProcessing.PositionResolution;
        if (initialization == PerceiverInitialization.LocalImage)
            LocalDetectionInitializer.Apply(Config, NumQueries, weights, generator, resolutions);
        else
            base.InitializeLocally(initialization, weights, generator);
    }

    // What the image processor of the checkpoint makes.
    private OnnxExtents OnnxExtents => LoadedInputs.ImageProcessor is { DoResize: true, Size: var size }
        ? OnnxExtents.Of(Config) with { Height = size.Height, Width = size.Width }
        : OnnxExtents.Of(Config);

    // As that of the classification heads, with several queries and without the map to labels.
    private static PerceiverBasicDecoder CreateDecoder(PerceiverConfig config) => new(config, new PerceiverBasicDecoderOptions
    {
        NumChannels = config.LatentChannels,
        NumHeads = config.NumCrossAttentionHeads,
        PositionEncoding = PerceiverPositionEncodingOptions.ForTrainable(config.LatentChannels, QueriesOf(config)),
        OutputIndexDims = [QueriesOf(config)],
        QueryKeyChannels = config.LatentChannels,
        ValueChannels = config.LatentChannels,
        UseQueryResidual = true,
        FinalProject = false,
    });
}
