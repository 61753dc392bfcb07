using System.Globalization;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A sentence encoder learns to give the vectors that one or several other encoders, its teachers, gave for the same texts. The model's own
/// projection learns the first teacher's, whose vectors have as many numbers as the model's; for each other teacher there is a linear head
/// in training, which the model does not keep. With such heads the names of the model's parts in
/// <see cref="PerceiverTrainingOptions.LearningRateFactors"/>, and in the files of a run folder, begin with "model.".
/// </summary>
public sealed class PerceiverDistillationObjective : PerceiverObjective<PerceiverSentenceExample>
{
    private static readonly PerceiverMetric Cosine = new("Cosine", HigherIsBetter: true);
    private static readonly PerceiverMetric PairCorrelation = new("PairCorrelation", HigherIsBetter: true);

    private readonly PerceiverForSentenceEmbedding _model;
    private readonly PerceiverTrainingOptions _options;
    private readonly PerceiverDistillationOptions _distillation;
    private readonly TextVariation? _variation;
    private readonly int _teachers;

    /// <summary>Makes the objective.</summary>
    /// <param name="model">The model.</param>
    /// <param name="training">
    /// The training texts with their vectors: rows in memory, or <see cref="PerceiverSentenceRows"/> for those in files.
    /// </param>
    /// <param name="validation">The validation texts; none for no validation.</param>
    /// <param name="options">Token dropout, batch size and the seed of the heads are taken from here.</param>
    /// <param name="distillation">The losses and how texts are varied; null for the defaults.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative.</exception>
    /// <exception cref="ArgumentException">
    /// There are no training texts, the first teacher's vectors have not the model's width, there is not a weight for each teacher, or an
    /// option is for classifiers alone.
    /// </exception>
    public PerceiverDistillationObjective(
        PerceiverForSentenceEmbedding model,
        PerceiverRows<PerceiverSentenceExample> training,
        PerceiverRows<PerceiverSentenceExample> validation,
        PerceiverTrainingOptions options,
        PerceiverDistillationOptions? distillation = null)
        : base(WithHeads(NotNull(model), NotNull(training), NotNull(options)), training, validation, options.BatchSize)
    {
        options.RefuseUnused("distillation", nameof(options.TokenDropout));
        _distillation = distillation ?? new PerceiverDistillationOptions();
        _distillation.Validate();
        _model = model;
        _options = options;
        _teachers = training.Read(0).Vectors.Count;
        if (_distillation.TeacherWeights is { } weights && weights.Count != _teachers)
            throw new ArgumentException($"There are {_teachers} teachers, and {weights.Count} weights of teachers.", nameof(distillation));
        if (_distillation.Augmentation is { } augmentation)
            _variation = new TextVariation(augmentation, model.Config.MaxPositionEmbeddings);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings)
    {
        ["Distillation"] = string.Create(
            CultureInfo.InvariantCulture,
            $"{_distillation with { TeacherWeights = null }}, {string.Join(' ', _distillation.TeacherWeights ?? [])}"),
    };

    /// <inheritdoc/>
    protected override IReadOnlyList<PerceiverMetric> ValidationMetrics => [Cosine, PairCorrelation];

    /// <inheritdoc/>
    protected override Tensor BatchLoss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        var examples = rows.Select(r => Training.Read(r, random)).ToArray();
        var pooled = Pool([.. examples.Select(e => Vary(e.Ids, random))]);
        var loss = Loss(_model.Project(pooled), examples, 0);
        for (int teacher = 1; teacher < _teachers; teacher++)
            loss = loss.Plus(Loss(((DistillationModel)Model).Project(teacher, pooled), examples, teacher));
        return loss;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Cosine is the mean cosine between the texts' vectors and the first teacher's; PairCorrelation is Spearman's correlation of the
    /// cosines of pairs of texts, each text with the one after it, with those of the teacher's vectors.
    /// </remarks>
    protected override IReadOnlyDictionary<string, double> Validate(IEnumerable<IReadOnlyList<int>> batches, CancellationToken cancellation)
    {
        double sum = 0;
        var own = new List<double>();
        var taught = new List<double>();
        foreach (var rows in batches)
        {
            var examples = rows.Select(r => Validation.Read(r)).ToArray();
            var vectors = PerceiverForSentenceEmbedding.ToLengthOne(_model.Project(Pool([.. examples.Select(e => e.Ids)])));
            var targets = Targets(examples, 0);
            sum += (vectors * targets).sum().item<float>();
            own.AddRange(PairCosines(vectors));
            taught.AddRange(PairCosines(targets));
        }

        return new Dictionary<string, double>
        {
            [Cosine.Name] = sum / Validation.Count,
            [PairCorrelation.Name] = RankCorrelation.Spearman([.. own], [.. taught]),
        };
    }

    private static PerceiverPreTrainedModel WithHeads(
        PerceiverForSentenceEmbedding model, PerceiverRows<PerceiverSentenceExample> training, PerceiverTrainingOptions options)
    {
        if (training.Count == 0)
            throw new ArgumentException("There are no training texts.", nameof(training));
        int[] dimensions = [.. training.Read(0).Vectors.Select(v => v.Length)];
        if (dimensions.Length == 0 || dimensions[0] != model.EmbeddingSize)
        {
            string found = dimensions.Length == 0 ? "no vector" : $"vectors of {dimensions[0]} numbers";
            string message = $"The texts have {found}; the model gives {model.EmbeddingSize} (embedding_size).";
            throw new ArgumentException(message, nameof(training));
        }

        return dimensions.Length == 1 ? model : new DistillationModel(model, dimensions.Skip(1), options.SeedOrDefault);
    }

    private static double[] PairCosines(Tensor vectors)
    {
        long count = vectors.shape[0];
        var next = vectors.roll(-1, 0);
        float[] cosines = (vectors * next).sum(-1).cpu().data<float>().ToArray();
        // The last one's neighbour is the first; two texts are one pair alone.
        return Array.ConvertAll(cosines[..(int)(count < 3 ? count - 1 : count)], c => (double)c);
    }

    private int[] Vary(int[] ids, PerceiverRandom random) =>
        ByteMasking.Drop(_variation?.Vary(ids, random) ?? ids, _options.TokenDropout, random);

    private Tensor Pool(int[][] texts)
    {
        var (ids, mask) = TokenBatch.ToTensors(texts, _model.Device);
        return _model.Pool(ids, mask);
    }

    private Tensor Targets(PerceiverSentenceExample[] examples, int teacher)
    {
        float[] values = [.. examples.SelectMany(e => e.Vectors[teacher])];
        var vectors = tensor(values, [examples.Length, values.Length / examples.Length], device: _model.Device);
        return PerceiverForSentenceEmbedding.ToLengthOne(vectors);
    }

    private Tensor Loss(Tensor projected, PerceiverSentenceExample[] examples, int teacher)
    {
        var targets = Targets(examples, teacher);
        double weight = _distillation.TeacherWeights?[teacher] ?? 1;
        var cosines = (PerceiverForSentenceEmbedding.ToLengthOne(projected) * targets).sum(-1);
        var loss = cosines.mean().neg().Plus(1).Times(weight * _distillation.CosineWeight);
        if (_distillation.SquaredErrorWeight > 0)
            loss = loss.Plus((projected - targets).Squared().sum(-1).mean().Times(weight * _distillation.SquaredErrorWeight));
        return loss;
    }
}
