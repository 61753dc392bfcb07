using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Classification or regression of images, with the losses of <see cref="PerceiverForImageClassification"/>.</summary>
public sealed class PerceiverImageClassificationObjective : PerceiverClassificationObjective<PerceiverImageExample>
{
    private readonly PerceiverForImageClassification _model;
    private readonly ImageBatch _batch;
    private readonly PerceiverImageAugmentation _augmentation;

    /// <summary>Makes the objective.</summary>
    /// <param name="model">The model.</param>
    /// <param name="problem">Which loss.</param>
    /// <param name="training">The training images, all of one size.</param>
    /// <param name="validation">The validation images, of the same size; none for no validation.</param>
    /// <param name="processor">The settings that the images were read with, which have the normalisation too.</param>
    /// <param name="options">Label smoothing, class weights and batch size are taken from here.</param>
    /// <param name="augmentation">How training images are varied; null leaves them as they are.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting of the augmentation is out of range.</exception>
    /// <exception cref="ArgumentException">The images differ in size, or an option does not fit the labels or is for texts.</exception>
    public PerceiverImageClassificationObjective(
        PerceiverForImageClassification model,
        PerceiverProblemType problem,
        PerceiverRows<PerceiverImageExample> training,
        PerceiverRows<PerceiverImageExample> validation,
        PerceiverImageProcessorOptions processor,
        PerceiverTrainingOptions options,
        PerceiverImageAugmentation? augmentation = null)
        : base(model, problem, training, validation, options)
    {
        ArgumentNullException.ThrowIfNull(processor);
        options.RefuseUnused("images", nameof(options.LabelSmoothing), nameof(options.ClassWeights), nameof(options.BalanceClasses));
        _batch = new ImageBatch(processor);
        _augmentation = augmentation ?? new PerceiverImageAugmentation();
        _augmentation.Validate();
        _model = model;
        ImageBatch.CheckShapes(Training.Concat(Validation));
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings)
    {
        ["Augmentation"] = _augmentation.ToString(),
        ["Processor"] = _batch.Processor.ToJson(),
    };

    /// <inheritdoc/>
    protected override PerceiverWeightedLoss WeightedBatchLoss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        var images = rows.Select(r => Training.Read(r, random)).ToArray();
        // Drawn in the rows' order, whatever order they are then computed in.
        var views = images.Select(_ => ImageView.Draw(_augmentation, random)).ToArray();
        var pixels = _batch.Pixels(images, views, _model.Device);
        var mix = BatchMix.Draw(pixels, _augmentation, random);
        var logits = Logits(mix?.Pixels ?? pixels);
        var loss = LossOf(logits, images);
        if (mix is not null)
            loss = loss.Times(mix.Share).Plus(LossOf(logits, mix.Partners.Select(p => images[p])).Times(1 - mix.Share));
        return new(loss, WeightOf(images));
    }

    private protected override float[] TargetOf(PerceiverImageExample row) => row.Values;

    private protected override Tensor LogitsOf(IReadOnlyList<PerceiverImageExample> rows) =>
        Logits(_batch.Pixels(rows, Enumerable.Repeat(ImageView.Whole, rows.Count).ToArray(), _model.Device));

    private Tensor Logits(Tensor pixels) => _model.forward(pixels.to(_model.WeightType)).Logits.to(ScalarType.Float32);
}
