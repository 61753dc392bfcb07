using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Training;

[TestClass]
public sealed class ObjectiveTests
{
    [TestMethod]
    public void An_objective_of_the_users_own_trains_and_stops_at_its_own_metric()
    {
        using var model = nn.Linear(1, 1);
        var objective = new PointsObjective(model, Points(40), Points(9));
        var options = new PerceiverTrainingOptions { Epochs = 40, BatchSize = 4, LearningRate = 0.05, WeightDecay = 0 };
        var result = PerceiverTrainer.Run(objective, options);
        Assert.IsLessThan(0.02, result.Evaluations[^1].ValidationMetrics!["Distance"]);
        // The lowest distance is the best, as the metric says.
        Assert.AreEqual(result.Evaluations.MinBy(e => e.ValidationMetrics!["Distance"])!.Step, result.BestStep);
    }

    [TestMethod]
    public void Validation_goes_by_length_and_disposes_the_tensors_of_each_batch()
    {
        using var model = nn.Linear(1, 1);
        var objective = new PointsObjective(model, Points(1), Points(9));
        objective.Evaluate(default);
        int[][] batches = objective.ValidationBatches.ToArray();
        CollectionAssert.AreEqual(new[] { 4, 4, 1 }, batches.Select(b => b.Length).ToArray());
        int[] lengths = batches.SelectMany(b => b).Select(r => objective.Lengths(r)).ToArray();
        CollectionAssert.AreEqual(lengths.Order().ToArray(), lengths);
        Assert.HasCount(3, objective.Made);
        Assert.IsTrue(objective.Made.All(t => t.IsInvalid));
    }

    [TestMethod]
    public void Validation_can_be_cancelled_between_batches()
    {
        using var model = nn.Linear(1, 1);
        using var cancellation = new CancellationTokenSource();
        var objective = new PointsObjective(model, Points(1), Points(9)) { AfterBatch = cancellation.Cancel };
        Assert.ThrowsExactly<OperationCanceledException>(() => objective.Evaluate(cancellation.Token));
        Assert.HasCount(1, objective.ValidationBatches);
        Assert.IsTrue(objective.Made[0].IsInvalid);
    }

    [TestMethod]
    public void Without_validation_rows_there_are_no_metrics()
    {
        using var model = nn.Linear(1, 1);
        var objective = new PointsObjective(model, Points(3), []);
        Assert.IsEmpty(objective.Metrics);
        Assert.IsEmpty(objective.Evaluate(default));
        Assert.HasCount(1, new PointsObjective(model, Points(3), Points(1)).Metrics);
    }

    [TestMethod]
    public void Settings_tell_other_rows()
    {
        using var model = nn.Linear(1, 1);
        string Of(PerceiverRows<Point> training, string key = "TrainingData") => new PointsObjective(model, training, []).Settings[key];
        Assert.AreEqual(Of(Points(3)), Of(Points(3)));
        Assert.AreNotEqual(Of(Points(3)), Of(Points(4)));
        Assert.AreEqual(Of(Points(3), "ValidationData"), Of(Points(4), "ValidationData"));
        Assert.AreNotEqual(Of([new Point(1, 2)]), Of([new Point(2, 2)]));
        Assert.AreNotEqual(Of([new Point(1, 2)]), Of([new Point(1, 3)]));
    }

    [TestMethod]
    public void Null_arguments_are_named()
    {
        using var model = nn.Linear(1, 1);
        Assert.AreEqual("training", Assert.ThrowsExactly<ArgumentNullException>(() => new PointsObjective(model, null!, [])).ParamName);
        Assert.AreEqual("validation", Assert.ThrowsExactly<ArgumentNullException>(() => new PointsObjective(model, [], null!)).ParamName);
        Assert.AreEqual("model", Assert.ThrowsExactly<ArgumentNullException>(() => new PointsObjective(null!, [], [])).ParamName);
    }

    private static PerceiverRows<Point> Points(int count) =>
        PerceiverRows.FromList([.. Enumerable.Range(0, count).Select(i => new Point(i % 10 / 10f, i % 10 / 5f + 1))]);

    private sealed record Point(float X, float Y) : IPerceiverRow
    {
        public int Length => (int)(10 * X) % 3 + 1;

        public void AddContentTo(PerceiverFingerprint fingerprint) => fingerprint.Add<float>([X, Y]);
    }

    /// <summary>All that an objective of a user's own has to say.</summary>
    private sealed class PointsObjective(TorchSharp.Modules.Linear model, PerceiverRows<Point> training, PerceiverRows<Point> validation)
        : PerceiverObjective<Point>(model, training, validation, validationBatchSize: 4)
    {
        internal Action? AfterBatch { get; init; }

        internal List<int[]> ValidationBatches { get; } = [];

        internal List<Tensor> Made { get; } = [];

        internal int Lengths(int row) => Validation.LengthOf(row);

        protected override IReadOnlyList<PerceiverMetric> ValidationMetrics { get; } = [new("Distance", HigherIsBetter: false)];

        protected override Tensor BatchLoss(IReadOnlyList<int> rows, PerceiverRandom random) =>
            Errors(rows.Select(r => Training.Read(r, random))).square().mean();

        protected override IReadOnlyDictionary<string, double> Validate(
            IEnumerable<IReadOnlyList<int>> batches, CancellationToken cancellation)
        {
            double sum = 0;
            foreach (var rows in batches)
            {
                var errors = Errors(rows.Select(r => Validation.Read(r)));
                sum += errors.abs().sum().item<float>();
                ValidationBatches.Add([.. rows]);
                Made.Add(errors);
                AfterBatch?.Invoke();
            }

            return new Dictionary<string, double> { ["Distance"] = sum / Validation.Count };
        }

        private Tensor Errors(IEnumerable<Point> points)
        {
            var all = points.ToArray();
            return model.forward(tensor(all.Select(p => p.X).ToArray()).unsqueeze(1)) - tensor(all.Select(p => p.Y).ToArray()).unsqueeze(1);
        }
    }
}
