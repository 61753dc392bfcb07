using System.Globalization;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Pairs of texts whose likeness is known as a number: the cosine of their vectors is to be that number, scaled so that a cosine of 0 is
/// the least likeness and a cosine of 1 the greatest. The loss is the squared error of the cosine.
/// </summary>
public sealed class PerceiverSimilarityObjective : PerceiverSentencePairObjective
{
    private static readonly PerceiverMetric RankOrder = new("PairCorrelation", HigherIsBetter: true);

    private readonly double _least;
    private readonly double _range;

    /// <summary>Makes the objective.</summary>
    /// <param name="model">The model.</param>
    /// <param name="training">The training pairs with their likeness.</param>
    /// <param name="validation">The validation pairs; none for no validation.</param>
    /// <param name="options">Token dropout and batch size are taken from here.</param>
    /// <param name="least">The likeness of texts that have nothing in common, which a cosine of 0 stands for.</param>
    /// <param name="greatest">The likeness of texts that mean the same, which a cosine of 1 stands for.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The least likeness is not below the greatest.</exception>
    /// <exception cref="ArgumentException">An option is for classifiers alone.</exception>
    public PerceiverSimilarityObjective(
        PerceiverForSentenceEmbedding model,
        PerceiverRows<PerceiverSentencePair> training,
        PerceiverRows<PerceiverSentencePair> validation,
        PerceiverTrainingOptions options,
        double least = 0,
        double greatest = 1)
        : base(model, training, validation, options)
    {
        OptionRange.Require(double.IsFinite(least), least, "finite");
        OptionRange.Require(double.IsFinite(greatest) && greatest > least, greatest, "finite and above the least likeness");
        _least = least;
        _range = greatest - least;
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings)
    {
        ["Similarity"] = string.Create(CultureInfo.InvariantCulture, $"{_least} {_least + _range}"),
    };

    /// <inheritdoc/>
    protected override IReadOnlyList<PerceiverMetric> ValidationMetrics => [.. new RegressionMetrics().Metrics, RankOrder];

    /// <inheritdoc/>
    protected override Tensor BatchLoss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        var pairs = Vary(rows, random);
        var cosines = Cosines(pairs);
        float[] targets = [.. pairs.Select(p => (float)((p.Similarity - _least) / _range))];
        return (cosines - tensor(targets, device: cosines.device)).Squared().mean();
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The errors are in the unit of the likeness; PairCorrelation is Spearman's correlation of the cosines with the likeness.
    /// </remarks>
    protected override IReadOnlyDictionary<string, double> Validate(IEnumerable<IReadOnlyList<int>> batches, CancellationToken cancellation)
    {
        var errors = new RegressionMetrics();
        var predicted = new List<double>();
        var actual = new List<double>();
        foreach (var rows in batches)
        {
            var pairs = rows.Select(r => Validation.Read(r)).ToArray();
            foreach (var (cosine, pair) in Cosines(pairs).cpu().data<float>().ToArray().Zip(pairs))
            {
                errors.Add(_least + _range * cosine, pair.Similarity);
                predicted.Add(cosine);
                actual.Add(pair.Similarity);
            }
        }

        return new Dictionary<string, double>(errors.Result())
        {
            [RankOrder.Name] = RankCorrelation.Spearman([.. predicted], [.. actual]),
        };
    }

    private Tensor Cosines(PerceiverSentencePair[] pairs)
    {
        var (first, second) = Vectors(pairs);
        return (first * second).sum(-1);
    }
}
