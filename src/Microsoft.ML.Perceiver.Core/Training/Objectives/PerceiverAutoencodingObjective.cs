using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Reconstruction of videos, their audio and their label from the latents, with the loss of <see
/// cref="PerceiverForMultimodalAutoencoding"/>. Each step decodes some pixels and some patches of audio of its rows.
/// </summary>
public sealed class PerceiverAutoencodingObjective : PerceiverObjective<PerceiverVideoExample>
{
    private readonly PerceiverForMultimodalAutoencoding _model;
    private readonly PerceiverAutoencodingOptions _options;

    /// <summary>Makes the objective.</summary>
    /// <param name="model">The model; its masks of the training mode are set.</param>
    /// <param name="training">The training windows.</param>
    /// <param name="validation">The validation windows; none for no validation.</param>
    /// <param name="trainingOptions">The batch size is taken from here.</param>
    /// <param name="options">What is trained; null for the defaults.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    /// <exception cref="ArgumentException">
    /// A window is of another size than the model's, a label is not one of its labels, or an option is for other objectives.
    /// </exception>
    public PerceiverAutoencodingObjective(
        PerceiverForMultimodalAutoencoding model,
        PerceiverRows<PerceiverVideoExample> training,
        PerceiverRows<PerceiverVideoExample> validation,
        PerceiverTrainingOptions trainingOptions,
        PerceiverAutoencodingOptions? options = null)
        : base(model, training, validation, NotNull(trainingOptions).BatchSize)
    {
        (_model, _options) = (model, options ?? new());
        _options.Validate();
        trainingOptions.RefuseUnused("autoencoding");
        foreach (var example in training.Concat(validation))
            Check(example);
        ValidationMetrics = validation.Any(e => e.Label is not null)
            ? [AutoencodingMetrics.VideoPsnr, AutoencodingMetrics.AudioPsnr, AutoencodingMetrics.Accuracy]
            : [AutoencodingMetrics.VideoPsnr, AutoencodingMetrics.AudioPsnr];
        model.Preprocessor.TrainingMaskProbabilities = new Dictionary<string, double>
        {
            [PerceiverForMultimodalAutoencoding.Image] = _options.ImageMask,
            [PerceiverForMultimodalAutoencoding.Audio] = _options.AudioMask,
            [PerceiverForMultimodalAutoencoding.Label] = _options.LabelMask,
        };
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>(base.Settings) { ["Autoencoding"] = _options.ToString() };

    /// <inheritdoc/>
    protected override IReadOnlyList<PerceiverMetric> ValidationMetrics { get; }

    /// <inheritdoc/>
    protected override Tensor BatchLoss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        var batch = VideoBatch.Of(_model, rows.Select(r => Training.Read(r, random)).ToArray());
        var extents = _model.Extents;
        var points = new PerceiverInputs(new Dictionary<string, Tensor>
        {
            [PerceiverForMultimodalAutoencoding.Image] = Points(_options.ImagePoints, extents.ImagePoints, random),
            [PerceiverForMultimodalAutoencoding.Audio] = Points(_options.AudioPoints, extents.AudioPoints, random),
        });
        using var output = _model.forward(
            batch.Inputs,
            outputAttentions: false,
            outputHiddenStates: false,
            subsampledOutputPoints: points,
            targets: batch.Targets,
            weights: _options.Weights);
        return output.Loss!.alias();
    }

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, double> Validate(IEnumerable<IReadOnlyList<int>> batches, CancellationToken cancellation)
    {
        var metrics = new AutoencodingMetrics();
        foreach (var rows in batches)
        {
            var windows = rows.Select(r => Validation.Read(r)).ToArray();
            var batch = VideoBatch.Of(_model, windows);
            var result = _model.Reconstruct(batch.Inputs, cancellation: cancellation);
            var image = result.Image.clamp(Scalars.Kept(0), Scalars.Kept(1));
            metrics.AddPixels(SquaredErrors(image, batch.Image), batch.Image.NumberOfElements);
            var audio = result.Audio.clamp(Scalars.Kept(-1), Scalars.Kept(1));
            metrics.AddSamples(SquaredErrors(audio, batch.Audio.flatten(1)), batch.Audio.NumberOfElements);
            long[] best = result.Label.argmax(-1).cpu().data<long>().ToArray();
            for (int i = 0; i < windows.Length; i++)
            {
                if (windows[i].Label is { } label)
                    metrics.AddLabel(best[i] == label);
            }
        }

        return metrics.Result();
    }

    private static double SquaredErrors(Tensor output, Tensor truth) =>
        (output.to(ScalarType.Float32) - truth.to(ScalarType.Float32)).Squared().sum(ScalarType.Float64).cpu().item<double>();

    /// <summary>Indices of random points, or of all where no more than those are wanted.</summary>
    private Tensor Points(int wanted, int available, PerceiverRandom random)
    {
        var device = _model.Device;
        if (wanted >= available)
            return TensorNumbers.Indices(available, ScalarType.Int64, device);
        long[] points = new long[wanted];
        for (int i = 0; i < wanted; i++)
            points[i] = random.Next(available);
        return tensor(points, device: device);
    }

    private void Check(PerceiverVideoExample example)
    {
        var e = _model.Extents;
        if (example.Frames.Length != 3 * e.ImagePoints || example.Audio.Length != e.Samples)
        {
            throw new ArgumentException(
                $"A window has {example.Frames.Length} values of pixels and {example.Audio.Length} samples; the model's have "
                + $"{e.Frames} x 3 x {e.Height} x {e.Width} = {3 * e.ImagePoints} and {e.Samples}.");
        }

        if (example.Label >= _model.Config.NumLabels)
            throw new ArgumentException($"A window has the label {example.Label}; the model has {_model.Config.NumLabels}.");
    }
}
