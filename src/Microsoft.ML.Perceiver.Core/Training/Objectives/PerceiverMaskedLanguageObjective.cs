using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Masked language modelling over bytes: a share of each text's bytes is masked and the model is asked for them. Only the masked positions
/// are decoded (section 4.1 of the Perceiver IO paper).
/// </summary>
public sealed class PerceiverMaskedLanguageObjective : IPerceiverObjective
{
    private readonly PerceiverForMaskedLM _model;
    private readonly PerceiverTextRows _training;
    private readonly PerceiverTextRows _validation;
    private readonly PerceiverTrainingOptions _options;
    private readonly PerceiverMaskedLanguageOptions _masking;
    private readonly ByteMasking _bytes;

    /// <summary>Makes the objective.</summary>
    /// <param name="model">The model.</param>
    /// <param name="training">The training texts.</param>
    /// <param name="validation">The validation texts; none for no validation.</param>
    /// <param name="options">Label smoothing, the batch size and the seed of fixed masks are taken from here.</param>
    /// <param name="masking">What is masked; null masks 15% of the bytes, anew each time.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not above 0 and below 1.</exception>
    /// <exception cref="ArgumentException">An option is for classifiers alone.</exception>
    public PerceiverMaskedLanguageObjective(
        PerceiverForMaskedLM model, PerceiverTextRows training, PerceiverTextRows validation, PerceiverTrainingOptions options, PerceiverMaskedLanguageOptions? masking = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentNullException.ThrowIfNull(options);
        Refuse(options.ClassWeights is not null, nameof(options.ClassWeights));
        Refuse(options.BalanceClasses, nameof(options.BalanceClasses));
        Refuse(options.TokenDropout > 0, nameof(options.TokenDropout));
        _masking = masking ?? new PerceiverMaskedLanguageOptions();
        _masking.Validate();
        _model = model;
        _training = training;
        _validation = validation;
        _options = options;
        _bytes = new ByteMasking(_masking);
    }

    /// <inheritdoc/>
    public nn.Module Model => _model;

    /// <inheritdoc/>
    public int RowCount => _training.Count;

    /// <inheritdoc/>
    public string MonitorMetric => LanguageMetrics.LogLoss;

    /// <inheritdoc/>
    public IReadOnlyList<string> MetricNames => _validation.Count == 0 ? [] : LanguageMetrics.Names;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Masking"] = _masking.ToString(),
        ["TrainingData"] = FingerprintOf(_training),
        ["ValidationData"] = FingerprintOf(_validation),
    };

    /// <inheritdoc/>
    public int LengthOf(int row) => _training.LengthOf(row);

    /// <inheritdoc/>
    public bool HigherIsBetter(string metric) => metric == LanguageMetrics.MaskedAccuracy;

    /// <inheritdoc/>
    public Tensor Loss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(random);
        using var scope = NewDisposeScope();
        var (logits, labels) = Forward(rows.Select(r => _masking.Dynamic
            ? _bytes.Mask(_training.Read(r, random), random, training: true)
            : Fixed(_training, r, training: true)).ToArray());
        return nn.functional.cross_entropy(logits, labels, ignore_index: PerceiverForMaskedLM.IgnoredLabel, label_smoothing: _options.LabelSmoothing)
            .MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation)
    {
        if (_validation.Count == 0)
            return new Dictionary<string, double>();
        var metrics = new LanguageMetrics();
        foreach (int[] batch in LengthBuckets.Sorted(_validation.Count, _options.BatchSize, _validation.LengthOf))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            // The same masks for every evaluation, so that they can be compared.
            var (logits, labels) = Forward(batch.Select(i => Fixed(_validation, i, training: false)).ToArray());
            var counted = labels.ne(PerceiverForMaskedLM.IgnoredLabel);
            double loss = nn.functional.cross_entropy(logits, labels, ignore_index: PerceiverForMaskedLM.IgnoredLabel, reduction: nn.Reduction.Sum).item<float>();
            long right = logits.argmax(-1).eq(labels).logical_and(counted).sum().item<long>();
            metrics.Add(counted.sum().item<long>(), right, loss);
        }

        return metrics.Result();
    }

    private static string FingerprintOf(PerceiverTextRows texts)
    {
        using var fingerprint = new DataFingerprint();
        texts.AddTo(fingerprint);
        return fingerprint.Finish();
    }

    private static void Refuse(bool isSet, string option)
    {
        if (isSet)
            throw new ArgumentException($"{option} is for classifiers; masked language modelling has no use for it.", nameof(option));
    }

    // Masks that depend on the seed and the row alone.
    private MaskedText Fixed(PerceiverTextRows texts, int row, bool training)
    {
        using var random = new PerceiverRandom(unchecked((long)PerceiverRandom.Mix((ulong)_options.Seed + ((ulong)row << 32))));
        return _bytes.Mask(texts.Read(row), random, training);
    }

    /// <summary>Scores of the masked positions, [positions, vocabulary], and the right tokens, padded with the ignored label.</summary>
    private (Tensor Logits, Tensor Labels) Forward(MaskedText[] masked)
    {
        var device = _model.Perceiver.parameters().First().device;
        var (ids, mask) = TokenBatch.ToTensors(masked.Select(m => m.Ids).ToArray(), device);
        int most = masked.Max(m => m.Positions.Length);
        long[] positions = new long[masked.Length * most];
        long[] labels = new long[positions.Length];
        Array.Fill(labels, PerceiverForMaskedLM.IgnoredLabel);
        for (int i = 0; i < masked.Length; i++)
        {
            for (int j = 0; j < masked[i].Positions.Length; j++)
            {
                positions[i * most + j] = masked[i].Positions[j];
                labels[i * most + j] = masked[i].Answers[j];
            }
        }

        var logits = _model.LogitsAt(ids, tensor(positions, device: device).view(masked.Length, most), mask);
        return (logits.view(-1, logits.shape[^1]).to(ScalarType.Float32), tensor(labels, device: device));
    }
}
