using System.Globalization;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Optical flow, whose loss is the mean end-point error (section 4.3 and appendix H of the Perceiver IO paper, which published no code to
/// train it).
/// </summary>
public sealed class PerceiverOpticalFlowObjective : PerceiverObjective<PerceiverFlowExample>
{
    private static readonly PerceiverMetric EndPointError = new("EPE", HigherIsBetter: false);
    private static readonly PerceiverMetric FlAll = new("FlAll", HigherIsBetter: false);

    private readonly PerceiverForOpticalFlow _model;
    private readonly PerceiverOpticalFlowPredictorOptions _flow;
    private readonly PerceiverFlowAugmentation _augmentation;
    private readonly PerceiverOpticalFlowPredictor _predictor;
    private readonly int? _pixels;
    private readonly int _height;
    private readonly int _width;

    /// <summary>Makes the objective.</summary>
    /// <param name="model">The model.</param>
    /// <param name="training">
    /// The training examples, none smaller than the model's frames; larger ones are cropped at random each time.
    /// </param>
    /// <param name="validation">
    /// The validation examples, of any size; none for no validation. Their flow is computed of whole frames.
    /// </param>
    /// <param name="flow">How flow is computed of whole frames, and its scale; null for the defaults.</param>
    /// <param name="augmentation">How training frames are varied; null leaves them as they are.</param>
    /// <param name="pixelsPerExample">
    /// How many pixels of an example, drawn at random each time, are in the loss; fewer are less work, and neighbours differ little. Null
    /// for all.
    /// </param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public PerceiverOpticalFlowObjective(
        PerceiverForOpticalFlow model,
        PerceiverRows<PerceiverFlowExample> training,
        PerceiverRows<PerceiverFlowExample> validation,
        PerceiverOpticalFlowPredictorOptions? flow = null,
        PerceiverFlowAugmentation? augmentation = null,
        int? pixelsPerExample = null)
        : base(model, training, validation, (flow ?? new()).BatchSize)
    {
        OptionRange.Require(pixelsPerExample is null or > 0, pixelsPerExample, "positive, or null for all");
        _model = model;
        _flow = flow ?? new PerceiverOpticalFlowPredictorOptions();
        _predictor = new PerceiverOpticalFlowPredictor(model, _flow);
        _augmentation = augmentation ?? new PerceiverFlowAugmentation();
        _augmentation.Validate();
        (_height, _width) = (model.Config.TrainSize[0], model.Config.TrainSize[1]);
        _pixels = pixelsPerExample < _height * _width ? pixelsPerExample : null;
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings)
    {
        ["Augmentation"] = _augmentation.ToString(),
        ["Flow"] = (_flow with { BatchSize = 1, MaxMemoryBytes = null }).ToString(),
        ["PixelsPerExample"] = _pixels?.ToString(CultureInfo.InvariantCulture) ?? "all",
    };

    /// <inheritdoc/>
    protected override IReadOnlyList<PerceiverMetric> ValidationMetrics { get; } = [EndPointError, FlAll];

    /// <inheritdoc/>
    /// <returns>The mean end-point error in pixels.</returns>
    protected override Tensor BatchLoss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        var (motions, truth) = Motions(rows, random);
        return PerceiverForOpticalFlow.EndPointError(motions, truth);
    }

    /// <inheritdoc/>
    /// <remarks>The mean is one over the pixels whose motion is known.</remarks>
    protected override PerceiverWeightedLoss WeightedBatchLoss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        var (motions, truth) = Motions(rows, random);
        long known = PerceiverForOpticalFlow.Known(truth).sum().item<long>();
        return new(PerceiverForOpticalFlow.EndPointError(motions, truth), known);
    }

    private (Tensor Motions, Tensor Truth) Motions(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        var (frames, truth) = Batch(rows, random);
        var device = _model.Device;
        var patches = PerceiverOpticalFlowProcessor.Patches(frames.to(_model.WeightType, device));
        truth = truth.to(device);
        Tensor motions;
        if (_pixels is { } count)
        {
            var chosen = Choose(rows.Count, count, random).to(device);
            motions = _model.FlowAt(patches, chosen);
            truth = truth.gather(1, chosen.unsqueeze(-1).expand(-1, -1, PerceiverFlowField.Components));
        }
        else
        {
            motions = _model.forward(patches, outputAttentions: false).Logits.flatten(1, 2);
        }

        return (motions.Times(_flow.FlowScale), truth);
    }

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, double> Validate(IEnumerable<IReadOnlyList<int>> batches, CancellationToken cancellation)
    {
        var all = PerceiverOpticalFlowMetrics.Sum(batches.SelectMany(rows => Compare(rows, cancellation)));
        return new Dictionary<string, double> { [EndPointError.Name] = all.EndPointError, [FlAll.Name] = all.FlAll };
    }

    private IEnumerable<PerceiverOpticalFlowMetrics> Compare(IReadOnlyList<int> rows, CancellationToken cancellation)
    {
        var examples = rows.Select(r => Validation.Read(r)).ToArray();
        var flows = _predictor.PredictBatch([.. examples.Select(e => (e.First, e.Second))], cancellation);
        return flows.Zip(examples, (flow, example) => PerceiverOpticalFlowMetrics.Compare(flow, example.Flow));
    }

    /// <summary>Views of examples: frames [rows, 2, 3, height, width] and true motions [rows, height times width, 2].</summary>
    private (Tensor Frames, Tensor Truth) Batch(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        int count = rows.Count;
        var examples = new PerceiverFlowExample[count];
        Parallel.For(0, count, i => examples[i] = Training.Read(rows[i]));
        // Drawn in the rows' order, whatever order they are then written in.
        var views = new FlowView[count];
        for (int i = 0; i < count; i++)
        {
            var frame = examples[i].First;
            if (frame.Height < _height || frame.Width < _width)
            {
                string sizes = $"{frame.Height} x {frame.Width} pixels are smaller than the model's {_height} x {_width}";
                throw new InvalidOperationException($"Training row {rows[i]}: its frames of {sizes}.");
            }

            views[i] = FlowView.Draw(_augmentation, examples[i], _height, _width, random);
        }

        int plane = _height * _width;
        int frameLength = PerceiverForOpticalFlow.Frames * RgbPlanes.Channels * plane;
        int flowLength = PerceiverFlowField.Components * plane;
        float[] frames = new float[count * frameLength];
        float[] flows = new float[count * flowLength];
        Parallel.For(0, count, i =>
        {
            var frame = frames.AsSpan(i * frameLength, frameLength);
            views[i].Write(examples[i], _height, _width, frame, flows.AsSpan(i * flowLength, flowLength));
        });
        return (
            tensor(frames, [count, PerceiverForOpticalFlow.Frames, RgbPlanes.Channels, _height, _width]),
            tensor(flows, [count, plane, PerceiverFlowField.Components]));
    }

    // With repetition, which costs little where few of many are drawn.
    private Tensor Choose(int rows, int count, PerceiverRandom random)
    {
        long[] chosen = new long[rows * count];
        for (int i = 0; i < chosen.Length; i++)
            chosen[i] = random.Next(_height * _width);
        return tensor(chosen, [rows, count]);
    }
}
