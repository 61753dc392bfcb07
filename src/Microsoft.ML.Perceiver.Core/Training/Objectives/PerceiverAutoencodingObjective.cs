using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Videos, their sound and their label through the narrow latents and out again, with the loss of
/// <see cref="PerceiverForMultimodalAutoencoding"/>: each step asks for some pixels and some patches of sound of its rows.
/// </summary>
public sealed class PerceiverAutoencodingObjective : IPerceiverObjective
{
    private readonly PerceiverForMultimodalAutoencoding _model;
    private readonly IReadOnlyList<PerceiverVideoExample> _training;
    private readonly IReadOnlyList<PerceiverVideoExample> _validation;
    private readonly PerceiverAutoencodingOptions _options;
    private readonly int _batchSize;

    /// <summary>Makes the objective.</summary>
    /// <param name="model">The model; its masks of the training mode are set.</param>
    /// <param name="training">The training windows.</param>
    /// <param name="validation">The validation windows; none for no validation.</param>
    /// <param name="trainingOptions">The batch size is taken from here.</param>
    /// <param name="options">What is learnt; null for the defaults.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    /// <exception cref="ArgumentException">A window is of another size than the model's, a label beyond its labels, or an option is for other objectives.</exception>
    public PerceiverAutoencodingObjective(
        PerceiverForMultimodalAutoencoding model,
        IReadOnlyList<PerceiverVideoExample> training,
        IReadOnlyList<PerceiverVideoExample> validation,
        PerceiverTrainingOptions trainingOptions,
        PerceiverAutoencodingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentNullException.ThrowIfNull(trainingOptions);
        (_model, _training, _validation, _options, _batchSize) = (model, training, validation, options ?? new(), trainingOptions.BatchSize);
        _options.Validate();
        Refuse(trainingOptions.TokenDropout > 0, nameof(trainingOptions.TokenDropout));
        Refuse(trainingOptions.LabelSmoothing > 0, nameof(trainingOptions.LabelSmoothing));
        Refuse(trainingOptions.ClassWeights is not null, nameof(trainingOptions.ClassWeights));
        Refuse(trainingOptions.BalanceClasses, nameof(trainingOptions.BalanceClasses));
        foreach (var example in training.Concat(validation))
            Check(example);
        model.Preprocessor.TrainingMaskProbabilities = new Dictionary<string, double>
        {
            [PerceiverForMultimodalAutoencoding.Image] = _options.ImageMask,
            [PerceiverForMultimodalAutoencoding.Audio] = _options.AudioMask,
            [PerceiverForMultimodalAutoencoding.Label] = _options.LabelMask,
        };
    }

    /// <inheritdoc/>
    public nn.Module Model => _model;

    /// <inheritdoc/>
    public int RowCount => _training.Count;

    /// <inheritdoc/>
    public string MonitorMetric => AutoencodingMetrics.VideoPsnr;

    /// <inheritdoc/>
    public IReadOnlyList<string> MetricNames => _validation.Count == 0 ? []
        : _validation.Any(e => e.Label is not null) ? [AutoencodingMetrics.VideoPsnr, AutoencodingMetrics.AudioPsnr, AutoencodingMetrics.Accuracy]
        : [AutoencodingMetrics.VideoPsnr, AutoencodingMetrics.AudioPsnr];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Autoencoding"] = _options.ToString(),
        ["TrainingData"] = Fingerprint(_training),
        ["ValidationData"] = Fingerprint(_validation),
    };

    /// <inheritdoc/>
    /// <remarks>Always 1: windows are of one size.</remarks>
    public int LengthOf(int row) => 1;

    /// <inheritdoc/>
    public bool HigherIsBetter(string metric) => true;

    /// <inheritdoc/>
    public Tensor Loss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(random);
        using var scope = NewDisposeScope();
        var windows = rows.Select(r => _training[r]).ToArray();
        var batch = VideoBatch.Of(_model, windows);
        var extents = _model.Extents;
        var points = new PerceiverInputs(new Dictionary<string, Tensor>
        {
            [PerceiverForMultimodalAutoencoding.Image] = Points(_options.ImagePoints, extents.ImagePoints, random),
            [PerceiverForMultimodalAutoencoding.Audio] = Points(_options.AudioPoints, extents.AudioPoints, random),
        });
        using var output = _model.forward(
            batch.Inputs, outputAttentions: false, outputHiddenStates: false, subsampledOutputPoints: points, targets: batch.Targets, weights: _options.Weights);
        return output.Loss!.alias().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation)
    {
        if (_validation.Count == 0)
            return new Dictionary<string, double>();
        var metrics = new AutoencodingMetrics();
        foreach (var windows in _validation.Chunk(_batchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var gradients = no_grad();
            var batch = VideoBatch.Of(_model, windows);
            var result = _model.Reconstruct(batch.Inputs, cancellation: cancellation);
            metrics.AddPixels(SquaredErrors(result.Image.clamp(0, 1), batch.Image), batch.Image.NumberOfElements);
            metrics.AddSamples(SquaredErrors(result.Audio.clamp(-1, 1), batch.Audio.flatten(1)), batch.Audio.NumberOfElements);
            long[] best = result.Label.argmax(-1).cpu().data<long>().ToArray();
            for (int i = 0; i < windows.Length; i++)
            {
                if (windows[i].Label is { } label)
                    metrics.AddLabel(best[i] == label);
            }
        }

        return metrics.Result();
    }

    private static double SquaredErrors(Tensor answer, Tensor truth) =>
        (answer.to(ScalarType.Float32) - truth.to(ScalarType.Float32)).square().sum(ScalarType.Float64).cpu().item<double>();

    private Tensor Points(int wanted, int there, PerceiverRandom random)
    {
        var device = _model.parameters().First().device;
        if (wanted >= there)
            return arange(there, ScalarType.Int64, device);
        long[] points = new long[wanted];
        for (int i = 0; i < wanted; i++)
            points[i] = random.Next(there);
        return tensor(points, device: device);
    }

    private void Check(PerceiverVideoExample example)
    {
        var e = _model.Extents;
        if (example.Frames.Length != 3 * e.ImagePoints || example.Sound.Length != e.Samples)
        {
            throw new ArgumentException(
                $"A window has {example.Frames.Length} values of pixels and {example.Sound.Length} samples; the model's have {e.Frames} x 3 x {e.Height} x {e.Width} = {3 * e.ImagePoints} and {e.Samples}.");
        }

        if (example.Label >= _model.Config.NumLabels)
            throw new ArgumentException($"A window has the label {example.Label}; the model has {_model.Config.NumLabels}.");
    }

    private static string Fingerprint(IReadOnlyList<PerceiverVideoExample> windows)
    {
        using var fingerprint = new DataFingerprint();
        foreach (var window in windows)
            fingerprint.Add(window.Label ?? -1L);
        foreach (int row in DataFingerprint.Sample(windows.Count))
        {
            fingerprint.Add<byte>(windows[row].Frames);
            fingerprint.Add<float>(windows[row].Sound);
        }

        return fingerprint.Finish();
    }

    private static void Refuse(bool isSet, string name)
    {
        if (isSet)
            throw new ArgumentException($"{name} does not apply to autoencoding.");
    }
}
