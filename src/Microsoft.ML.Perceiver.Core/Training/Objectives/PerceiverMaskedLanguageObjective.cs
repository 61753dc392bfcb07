using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Masked language modelling over bytes: a share of each text's bytes is masked, and the model predicts them. Only the masked positions are
/// decoded (section 4.1 of the Perceiver IO paper).
/// </summary>
public sealed class PerceiverMaskedLanguageObjective : PerceiverObjective<int[]>
{
    private const long Ignored = PerceiverForMaskedLM.IgnoredLabel;
    private readonly PerceiverForMaskedLM _model;
    private readonly PerceiverTrainingOptions _options;
    private readonly PerceiverMaskedLanguageOptions _masking;
    private readonly ByteMasking _bytes;

    /// <summary>Makes the objective.</summary>
    /// <param name="model">The model.</param>
    /// <param name="training">The training texts (<see cref="PerceiverTextRows"/>).</param>
    /// <param name="validation">The validation texts; none for no validation.</param>
    /// <param name="options">Label smoothing, the batch size and the seed of fixed masks are taken from here.</param>
    /// <param name="masking">What is masked; null masks 15% of the bytes, others each time.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not above 0 and below 1.</exception>
    /// <exception cref="ArgumentException">An option is for classifiers alone.</exception>
    public PerceiverMaskedLanguageObjective(
        PerceiverForMaskedLM model,
        PerceiverRows<int[]> training,
        PerceiverRows<int[]> validation,
        PerceiverTrainingOptions options,
        PerceiverMaskedLanguageOptions? masking = null)
        : base(model, training, validation, NotNull(options).BatchSize)
    {
        options.RefuseUnused("masked language modelling", nameof(options.LabelSmoothing));
        _masking = masking ?? new PerceiverMaskedLanguageOptions();
        _masking.Validate();
        _model = model;
        _options = options;
        _bytes = new ByteMasking(_masking);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>(base.Settings) { ["Masking"] = _masking.ToString() };

    /// <inheritdoc/>
    protected override IReadOnlyList<PerceiverMetric> ValidationMetrics => LanguageMetrics.Metrics;

    /// <inheritdoc/>
    protected override Tensor BatchLoss(IReadOnlyList<int> rows, PerceiverRandom random) => WeightedBatchLoss(rows, random).Loss;

    /// <inheritdoc/>
    /// <remarks>The mean is one over the masked bytes.</remarks>
    protected override PerceiverWeightedLoss WeightedBatchLoss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        var masked = rows.Select(r => _masking.Dynamic
            ? _bytes.Mask(Training.Read(r, random), random, training: true)
            : MaskBySeed(Training, r, training: true)).ToArray();
        var (logits, labels) = Forward(masked);
        var loss = nn.functional.cross_entropy(logits, labels, ignore_index: Ignored, label_smoothing: _options.LabelSmoothing);
        return new(loss, masked.Sum(m => m.Positions.Length));
    }

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, double> Validate(IEnumerable<IReadOnlyList<int>> batches, CancellationToken cancellation)
    {
        var metrics = new LanguageMetrics();
        foreach (var rows in batches)
        {
            // The same masks for every evaluation, so that they can be compared.
            var (logits, labels) = Forward(rows.Select(r => MaskBySeed(Validation, r, training: false)).ToArray());
            var counted = labels.ne(Scalars.Kept(Ignored));
            var loss = nn.functional.cross_entropy(logits, labels, ignore_index: Ignored, reduction: nn.Reduction.Sum);
            long right = logits.argmax(-1).eq(labels).logical_and(counted).sum().item<long>();
            metrics.Add(counted.sum().item<long>(), right, loss.item<float>());
        }

        return metrics.Result();
    }

    // The masks depend on the seed and the row alone.
    private MaskedText MaskBySeed(PerceiverRows<int[]> texts, int row, bool training)
    {
        ulong seed = PerceiverRandom.Mix((ulong)_options.SeedOrDefault + ((ulong)row << 32));
        using var random = new PerceiverRandom(unchecked((long)seed));
        return _bytes.Mask(texts.Read(row), random, training);
    }

    /// <summary>Scores of the masked positions, [positions, vocabulary], and the right tokens, padded with the ignored label.</summary>
    private (Tensor Logits, Tensor Labels) Forward(MaskedText[] masked)
    {
        var device = _model.Device;
        var (ids, mask) = TokenBatch.ToTensors(masked.Select(m => m.Ids).ToArray(), device);
        int most = masked.Max(m => m.Positions.Length);
        long[] positions = new long[masked.Length * most];
        long[] labels = new long[positions.Length];
        Array.Fill(labels, Ignored);
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
