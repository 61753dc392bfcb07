using System.Globalization;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Contrastive learning of pairs of texts that mean the same (InfoNCE; A. van den Oord et al. 2018): the second text of a pair is to have a
/// larger cosine to the first than the second texts of the batch's other pairs have, and the other way round. Pairs with an equal text are
/// no negatives of each other. The more pairs a batch has, the more is learnt from it.
/// </summary>
public sealed class PerceiverContrastiveObjective : PerceiverSentencePairObjective
{
    private static readonly PerceiverMetric Accuracy = new("Accuracy", HigherIsBetter: true);
    private static readonly PerceiverMetric LogLoss = TargetMetrics.LogLoss;

    private readonly double _temperature;

    /// <summary>Makes the objective.</summary>
    /// <param name="model">The model.</param>
    /// <param name="training">The training pairs.</param>
    /// <param name="validation">The validation pairs; none for no validation.</param>
    /// <param name="options">Token dropout and batch size are taken from here.</param>
    /// <param name="temperature">What cosines are divided by, above 0; the smaller it is, the more the hardest negatives count.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not above 0.</exception>
    /// <exception cref="ArgumentException">A batch has one pair alone, or an option is for classifiers alone.</exception>
    public PerceiverContrastiveObjective(
        PerceiverForSentenceEmbedding model,
        PerceiverRows<PerceiverSentencePair> training,
        PerceiverRows<PerceiverSentencePair> validation,
        PerceiverTrainingOptions options,
        double temperature = 0.05)
        : base(model, training, validation, options)
    {
        OptionRange.Require(temperature is > 0 and < double.PositiveInfinity, temperature, "above 0");
        if (options.BatchSize < 2)
            throw new ArgumentException("A batch of one pair has no other pairs to tell it from.", nameof(options));
        _temperature = temperature;
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings)
    {
        ["Temperature"] = _temperature.ToString(CultureInfo.InvariantCulture),
    };

    /// <inheritdoc/>
    protected override IReadOnlyList<PerceiverMetric> ValidationMetrics => [Accuracy, LogLoss];

    /// <inheritdoc/>
    protected override Tensor BatchLoss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        var logits = Logits(Vary(rows, random), out var answers);
        return nn.functional.cross_entropy(logits, answers).Plus(nn.functional.cross_entropy(logits.t(), answers)).Over(2);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Accuracy is the share of pairs whose second text is nearest to the first among all second texts of the batch; LogLoss is in nats,
    /// the mean of both directions. Both depend on the batch size.
    /// </remarks>
    protected override IReadOnlyDictionary<string, double> Validate(IEnumerable<IReadOnlyList<int>> batches, CancellationToken cancellation)
    {
        double right = 0, loss = 0;
        foreach (var rows in batches)
        {
            var logits = Logits([.. rows.Select(r => Validation.Read(r))], out var answers);
            right += logits.argmax(-1).eq(answers).sum().item<long>();
            var forwards = nn.functional.cross_entropy(logits, answers, reduction: nn.Reduction.Sum);
            var backwards = nn.functional.cross_entropy(logits.t(), answers, reduction: nn.Reduction.Sum);
            loss += (forwards.item<float>() + backwards.item<float>()) / 2;
        }

        return new Dictionary<string, double> { [Accuracy.Name] = right / Validation.Count, [LogLoss.Name] = loss / Validation.Count };
    }

    private Tensor Logits(PerceiverSentencePair[] pairs, out Tensor answers)
    {
        var (first, second) = Vectors(pairs);
        answers = TensorNumbers.Indices(pairs.Length, ScalarType.Int64, first.device);
        var logits = first.matmul(second.t()).Over(_temperature);
        return SameTexts(pairs) is { } same
            ? logits.masked_fill(tensor(same, [pairs.Length, pairs.Length], device: first.device), Scalars.Kept(float.NegativeInfinity))
            : logits;
    }

    // Another pair with the same text would be a negative that is none.
    private static bool[]? SameTexts(PerceiverSentencePair[] pairs)
    {
        bool[] same = new bool[pairs.Length * pairs.Length];
        for (int i = 0; i < pairs.Length; i++)
        {
            for (int j = 0; j < pairs.Length; j++)
                same[i * pairs.Length + j] = i != j && (IsSame(pairs[i].First, pairs[j].First) || IsSame(pairs[i].Second, pairs[j].Second));
        }

        return same.Contains(true) ? same : null;
    }

    private static bool IsSame(int[] first, int[] second) => first.AsSpan().SequenceEqual(second);
}
