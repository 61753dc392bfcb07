using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Classes, labels or numbers from pictures, with the losses of <see cref="PerceiverForImageClassification"/>.</summary>
public sealed class PerceiverImageClassificationObjective : PerceiverClassificationObjective
{
    private readonly PerceiverForImageClassification _model;
    private readonly IReadOnlyList<PerceiverImageExample> _training;
    private readonly IReadOnlyList<PerceiverImageExample> _validation;
    private readonly PerceiverImageProcessorOptions _processor;
    private readonly PerceiverImageAugmentation _augmentation;
    private readonly ImageSampler? _sampler;

    /// <summary>Makes the objective.</summary>
    /// <param name="model">The model.</param>
    /// <param name="problem">Which loss.</param>
    /// <param name="training">The training pictures, all of one size.</param>
    /// <param name="validation">The validation pictures, of the same size; none for no validation.</param>
    /// <param name="processor">The settings that the pictures were read with, which have the normalisation too.</param>
    /// <param name="options">Label smoothing, class weights and batch size are taken from here.</param>
    /// <param name="augmentation">How training pictures are varied; null leaves them as they are.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting of the augmentation is out of range.</exception>
    /// <exception cref="ArgumentException">The pictures differ in size, or an option does not fit the labels or is for texts.</exception>
    public PerceiverImageClassificationObjective(
        PerceiverForImageClassification model,
        PerceiverProblemType problem,
        IReadOnlyList<PerceiverImageExample> training,
        IReadOnlyList<PerceiverImageExample> validation,
        PerceiverImageProcessorOptions processor,
        PerceiverTrainingOptions options,
        PerceiverImageAugmentation? augmentation = null)
        : base(NotNull(model), problem, Targets(training), Targets(validation), NotNull(options))
    {
        ArgumentNullException.ThrowIfNull(processor);
        if (options.TokenDropout > 0)
            throw new ArgumentException($"{nameof(PerceiverTrainingOptions.TokenDropout)} is for texts; these are pictures.", nameof(options));
        _processor = processor;
        _augmentation = augmentation ?? new PerceiverImageAugmentation();
        _augmentation.Validate();
        _model = model;
        _training = training;
        _validation = validation;
        if (training.Count == 0)
            return;
        var first = training[0];
        if (training.Concat(validation).FirstOrDefault(e => (e.Channels, e.Height, e.Width) != (first.Channels, first.Height, first.Width)) is { } other)
        {
            throw new ArgumentException(
                $"The pictures differ in shape: one is {first.Channels} x {first.Height} x {first.Width} (channels, height, width), another {other.Channels} x {other.Height} x {other.Width}.",
                nameof(training));
        }

        _sampler = new ImageSampler(processor, first.Channels);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings)
    {
        ["Augmentation"] = _augmentation.ToString(),
        ["Processor"] = _processor.ToJson(),
    };

    /// <inheritdoc/>
    /// <remarks>Always 1: pictures are of one size.</remarks>
    public override int LengthOf(int row) => 1;

    private protected override int ValidationLengthOf(int row) => 1;

    private protected override ReadOnlySpan<byte> ContentOf(int row, bool validation) => (validation ? _validation : _training)[row].Pixels;

    private protected override Tensor TrainingLoss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        // Drawn in the rows' order, whatever order they are then computed in.
        var views = rows.Select(_ => ImageView.Draw(_augmentation, random)).ToArray();
        var pixels = Pixels(_training, rows, views);
        var mix = BatchMix.Draw(pixels, _augmentation, random);
        var logits = Logits(mix?.Pixels ?? pixels);
        var loss = LossOf(logits, rows);
        return mix is null ? loss : loss * mix.Share + LossOf(logits, mix.Partners.Select(p => rows[p])) * (1 - mix.Share);
    }

    private protected override Tensor ValidationLogits(IReadOnlyList<int> rows) =>
        Logits(Pixels(_validation, rows, Enumerable.Repeat(ImageView.Whole, rows.Count).ToArray()));

    private Tensor Logits(Tensor pixels) => _model.forward(pixels.to(_model.Perceiver.parameters().First().dtype)).Logits.to(ScalarType.Float32);

    private Tensor Pixels(IReadOnlyList<PerceiverImageExample> examples, IReadOnlyList<int> rows, ImageView[] views)
    {
        var (channels, height, width) = (examples[0].Channels, examples[0].Height, examples[0].Width);
        int length = channels * height * width;
        float[] values = new float[rows.Count * length];
        Parallel.For(0, rows.Count, i => _sampler!.Write(examples[rows[i]].Pixels, height, width, views[i], values.AsSpan(i * length, length)));
        return tensor(values, [rows.Count, channels, height, width]).to(Device);
    }

    private static float[][] Targets(IReadOnlyList<PerceiverImageExample> examples) => NotNull(examples).Select(e => e.Target.ToArray()).ToArray();
}
