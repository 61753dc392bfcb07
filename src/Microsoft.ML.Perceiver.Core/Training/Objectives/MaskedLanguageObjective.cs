using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Masked language modelling over bytes: a share of each text's bytes is masked, anew in every epoch, and the model is asked for them. Only
/// the masked positions are decoded (section 4.1 of the Perceiver IO paper).
/// </summary>
public sealed class MaskedLanguageObjective : ITrainingObjective
{
    private const int MaskId = 3;
    private const int FirstByteId = 6;
    private readonly PerceiverForMaskedLM _model;
    private readonly IReadOnlyList<int[]> _training;
    private readonly (int[] Ids, int[] Positions)[] _validation;
    private readonly IReadOnlyList<int[]> _validationTexts;
    private readonly PerceiverTrainingOptions _options;
    private readonly double _maskProbability;

    /// <summary>Makes the objective.</summary>
    /// <param name="model">The model.</param>
    /// <param name="training">The training texts' token ids, with <c>[CLS]</c> and <c>[SEP]</c>.</param>
    /// <param name="validation">The validation texts' token ids; none for no validation.</param>
    /// <param name="options">The batch size and the seed of the validation masks are taken from here.</param>
    /// <param name="maskProbability">The share of a text's bytes that is masked; one at least is.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not above 0 and below 1.</exception>
    public MaskedLanguageObjective(
        PerceiverForMaskedLM model, IReadOnlyList<int[]> training, IReadOnlyList<int[]> validation, PerceiverTrainingOptions options, double maskProbability = 0.15)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentNullException.ThrowIfNull(options);
        if (maskProbability is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(maskProbability), maskProbability, "The share must be above 0 and below 1.");
        _model = model;
        _training = training;
        _validationTexts = validation;
        _options = options;
        _maskProbability = maskProbability;
        // The same masks for every epoch, so that epochs can be compared.
        using var random = new TrainingRandom(options.Seed);
        _validation = validation.Select(t => Mask(t, random)).ToArray();
    }

    /// <inheritdoc/>
    public nn.Module Model => _model;

    /// <inheritdoc/>
    public int RowCount => _training.Count;

    /// <inheritdoc/>
    public string MonitorMetric => LanguageMetrics.LogLoss;

    /// <inheritdoc/>
    public int LengthOf(int row) => _training[row].Length;

    /// <inheritdoc/>
    public bool HigherIsBetter(string metric) => metric == LanguageMetrics.MaskedAccuracy;

    /// <inheritdoc/>
    public Tensor Loss(IReadOnlyList<int> rows, TrainingRandom random)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(random);
        using var scope = NewDisposeScope();
        var masked = rows.Select(r => Mask(_training[r], random)).ToArray();
        var (logits, labels) = Forward(masked, rows.Select(r => _training[r]).ToArray());
        return nn.functional.cross_entropy(logits, labels, ignore_index: PerceiverForMaskedLM.IgnoredLabel).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation)
    {
        if (_validation.Length == 0)
            return new Dictionary<string, double>();
        var metrics = new LanguageMetrics();
        foreach (int[] batch in LengthBuckets.Sorted(_validation.Length, _options.BatchSize, i => _validationTexts[i].Length))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (logits, labels) = Forward(batch.Select(i => _validation[i]).ToArray(), batch.Select(i => _validationTexts[i]).ToArray());
            var counted = labels.ne(PerceiverForMaskedLM.IgnoredLabel);
            double loss = nn.functional.cross_entropy(logits, labels, ignore_index: PerceiverForMaskedLM.IgnoredLabel, reduction: nn.Reduction.Sum).item<float>();
            long right = logits.argmax(-1).eq(labels).logical_and(counted).sum().item<long>();
            metrics.Add(counted.sum().item<long>(), right, loss);
        }

        return metrics.Result();
    }

    /// <summary>Scores of the masked positions, [positions, vocabulary], and the right tokens, padded with the ignored label.</summary>
    private (Tensor Logits, Tensor Labels) Forward((int[] Ids, int[] Positions)[] masked, int[][] originals)
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
                labels[i * most + j] = originals[i][masked[i].Positions[j]];
            }
        }

        var logits = _model.LogitsAt(ids, tensor(positions, device: device).view(masked.Length, most), mask);
        return (logits.view(-1, logits.shape[^1]).to(ScalarType.Float32), tensor(labels, device: device));
    }

    private (int[] Ids, int[] Positions) Mask(int[] ids, TrainingRandom random)
    {
        int[] bytes = Enumerable.Range(0, ids.Length).Where(i => ids[i] >= FirstByteId).ToArray();
        if (bytes.Length == 0)
            throw new ArgumentException("A text without a byte has nothing to mask.", nameof(ids));
        int[] positions = bytes.Where(_ => random.NextDouble() < _maskProbability).ToArray();
        if (positions.Length == 0)
            positions = [bytes[random.Next(bytes.Length)]];
        int[] masked = [.. ids];
        foreach (int position in positions)
            masked[position] = MaskId;
        return (masked, positions);
    }
}
