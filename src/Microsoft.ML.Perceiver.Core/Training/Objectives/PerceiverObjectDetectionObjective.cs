using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Object detection with the set loss of <see cref="PerceiverForObjectDetection"/>: mean average precision at an overlap of 0.5
/// (<c>MAP50</c>), its mean over overlaps from 0.5 to 0.95 (<c>MAP50To95</c>), and the loss.
/// </summary>
public sealed class PerceiverObjectDetectionObjective : PerceiverObjective<PerceiverDetectionExample>
{
    private static readonly PerceiverMetric Map50 = new("MAP50", HigherIsBetter: true);
    private static readonly PerceiverMetric MapOfAll = new("MAP50To95", HigherIsBetter: true);
    private static readonly PerceiverMetric SetLoss = new("Loss", HigherIsBetter: false);
    private readonly PerceiverForObjectDetection _model;
    private readonly ImageBatch _batch;
    private readonly PerceiverImageAugmentation _augmentation;
    private readonly PerceiverDetectionWeights _weights;

    /// <summary>Makes the objective.</summary>
    /// <param name="model">The model.</param>
    /// <param name="training">The training images, all of one size.</param>
    /// <param name="validation">The validation images, of the same size; none for no validation.</param>
    /// <param name="processor">The settings that the images were read with, which have the normalisation too.</param>
    /// <param name="options">The batch size is taken from here.</param>
    /// <param name="augmentation">
    /// How training images are varied, their boxes with them; null leaves them as they are. Images are not mixed.
    /// </param>
    /// <param name="weights">The weights of the loss; null for those of the paper.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    /// <exception cref="ArgumentException">
    /// The images differ in size, one has more objects than there are queries, or an option is for other tasks.
    /// </exception>
    public PerceiverObjectDetectionObjective(
        PerceiverForObjectDetection model,
        PerceiverRows<PerceiverDetectionExample> training,
        PerceiverRows<PerceiverDetectionExample> validation,
        PerceiverImageProcessorOptions processor,
        PerceiverTrainingOptions options,
        PerceiverImageAugmentation? augmentation = null,
        PerceiverDetectionWeights? weights = null)
        : base(model, training, validation, NotNull(options).BatchSize)
    {
        ArgumentNullException.ThrowIfNull(processor);
        options.RefuseUnused("object detection");
        _model = model;
        _batch = new ImageBatch(processor);
        _augmentation = augmentation ?? new PerceiverImageAugmentation();
        _augmentation.Validate();
        RefuseMixing(_augmentation);
        _weights = weights ?? new PerceiverDetectionWeights();
        _weights.Validate();
        ImageBatch.CheckShapes(Training.Concat(Validation).Select(example => example.Image));
        CheckCounts(Training, "training");
        CheckCounts(Validation, "validation");
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings)
    {
        ["Augmentation"] = _augmentation.ToString(),
        ["Processor"] = _batch.Processor.ToJson(),
        ["Weights"] = _weights.ToString(),
    };

    /// <inheritdoc/>
    protected override IReadOnlyList<PerceiverMetric> ValidationMetrics => [Map50, MapOfAll, SetLoss];

    /// <summary>Refuses an augmentation that mixes images, whose boxes have no shares.</summary>
    /// <exception cref="ArgumentException">It does.</exception>
    internal static void RefuseMixing(PerceiverImageAugmentation augmentation)
    {
        if (augmentation is { MixUp: > 0 } or { CutMix: > 0 })
            throw new ArgumentException("MixUp and CutMix are not for object detection, as a box cannot be half of a target.");
    }

    /// <inheritdoc/>
    protected override Tensor BatchLoss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        var (views, examples) = Draw(rows, random);
        return LossOf(views, examples);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The boxes' mean is one over objects. That of the labels, one over queries, is taken by each process for its own rows, as in DETR.
    /// </remarks>
    protected override PerceiverWeightedLoss WeightedBatchLoss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        var (views, examples) = Draw(rows, random);
        return new(LossOf(views, examples), Math.Max(1, examples.Sum(e => e.Target.Indices.Length)));
    }

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, double> Validate(IEnumerable<IReadOnlyList<int>> batches, CancellationToken cancellation)
    {
        var precision = new DetectionPrecision(_model.Config.NumLabels);
        double loss = 0;
        foreach (var rows in batches)
        {
            var examples = rows.Select(r => Validation.Read(r)).ToArray();
            var output = Run(Enumerable.Repeat(ImageView.Whole, examples.Length).ToArray(), examples);
            loss += output.Loss!.item<float>() * examples.Length;
            float[][] found = [.. DetectedBoxes.Join(output.Logits, output.PredictedBoxes)
                .cpu().data<float>().ToArray().Chunk(DetectedBoxes.WidthOf(_model))];
            for (int i = 0; i < examples.Length; i++)
            {
                var target = examples[i].Target;
                precision.Add(
                    [.. DetectedBoxes.Of(found[i], _model.NumQueries)],
                    [.. target.Indices.Select((label, j) => (label, target.BoxAt(j)))]);
            }
        }

        return new Dictionary<string, double>
        {
            [Map50.Name] = NumberOf(precision.MeanAt(0.5)),
            [MapOfAll.Name] = NumberOf(precision.MeanOfAll()),
            [SetLoss.Name] = loss / Validation.Count,
        };
    }

    // Of rows without objects nothing can be found; a metric that is no number would end the training as a divergence does.
    private static double NumberOf(double precision) => double.IsNaN(precision) ? 0 : precision;

    private (ImageView[] Views, PerceiverDetectionExample[] Examples) Draw(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        var examples = rows.Select(r => Training.Read(r, random)).ToArray();
        // Drawn in the rows' order, whatever order they are then computed in.
        var views = examples.Select(_ => ImageView.Draw(_augmentation, random)).ToArray();
        return (views, [.. examples.Zip(views, InView)]);
    }

    private static PerceiverDetectionExample InView(PerceiverDetectionExample example, ImageView view)
    {
        var target = example.Target;
        Box[] boxes = [.. Enumerable.Range(0, target.Indices.Length).Select(i => view.OfBox(target.BoxAt(i)))];
        return example with { Target = PerceiverDetectionExampleReader.TargetOf(target.Indices, boxes) };
    }

    private Tensor LossOf(ImageView[] views, PerceiverDetectionExample[] examples) => Run(views, examples).Loss!;

    private PerceiverObjectDetectionOutput Run(ImageView[] views, PerceiverDetectionExample[] examples)
    {
        var pixels = _batch.Pixels([.. examples.Select(e => e.Image)], views, _model.Device).to(_model.WeightType);
        return _model.forward(
            pixels,
            outputAttentions: false,
            outputHiddenStates: false,
            labels: [.. examples.Select(e => e.Target)],
            weights: _weights);
    }

    private void CheckCounts(PerceiverRows<PerceiverDetectionExample> rows, string kind)
    {
        int row = 0;
        foreach (var example in rows)
        {
            int count = example.Target.Indices.Length;
            if (count > _model.NumQueries)
            {
                throw new ArgumentException(
                    $"The {kind} row {row} has {count} objects; the model has {_model.NumQueries} queries (num_queries).");
            }

            row++;
        }
    }
}
