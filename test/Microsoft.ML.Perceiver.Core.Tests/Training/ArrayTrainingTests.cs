using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Training;

/// <summary>What models of arrays learn in seconds, beside what a constant answer would reach.</summary>
[TestClass]
public sealed class ArrayTrainingTests
{
    private static readonly PerceiverConfig Config = new()
    {
        NumLatents = 8,
        LatentChannels = 32,
        NumSelfAttendsPerBlock = 1,
        NumSelfAttentionHeads = 2,
        NumCrossAttentionHeads = 2,
        QueryKeyChannels = 32,
        ValueChannels = 32,
        AttentionDropout = 0,
        InitializerRange = 0.15,
    };

    private static readonly PerceiverTrainingOptions Options = new()
    {
        Epochs = 12,
        BatchSize = 16,
        LearningRate = 3e-3,
        Seed = 1,
    };

    [TestMethod]
    public void The_order_of_a_series_is_learnt_whatever_its_length()
    {
        // A rise and then a fall, or the other way round: sums and lengths tell nothing.
        var random = new Random(3);
        var rows = Enumerable.Range(0, 400).Select(i =>
        {
            int length = random.Next(8, 25), up = random.Next(0, length / 2 - 1), down = random.Next(length / 2, length);
            float[] values = [.. Enumerable.Range(0, length).Select(_ => 500 + (float)random.NextDouble())];
            int sign = i % 2 == 0 ? 30 : -30;
            values[up] += sign;
            values[down] -= sign;
            return new PerceiverArrayExample(values, [i % 2]);
        }).ToArray();
        var array = new PerceiverArraySettings { InputShape = [24], NumBands = 12, Means = [500], Deviations = [10] };
        AssertLearns(array, rows);
    }

    [TestMethod]
    public void A_product_of_two_columns_of_a_table_is_learnt_in_its_own_unit()
    {
        var random = new Random(4);
        var rows = Enumerable.Range(0, 400).Select(_ =>
        {
            float[] values = [.. Enumerable.Range(0, 4).Select(_ => (float)(random.NextDouble() * 2 - 1))];
            return new PerceiverArrayExample(values, [1000 + 200 * values[0] * values[2] + 100 * values[3]]);
        }).ToArray();
        var array = new PerceiverArraySettings { InputShape = [4], Positions = "trainable", PositionChannels = 16, ProjectedChannels = 16 };
        var config = Config.WithLabels(["y"]) with { Array = array };
        double error = Learn(config, rows, PerceiverProblemType.Regression, "RootMeanSquaredError");
        // The mean of the rows is off by 88, the best linear function of the columns by 67.
        Assert.IsLessThan(30, error);
    }

    [TestMethod]
    public void The_shape_of_a_cloud_of_points_is_learnt()
    {
        // Points on a ring, or within it; each set is as wide and in any order.
        var random = new Random(5);
        var rows = Enumerable.Range(0, 300).Select(i =>
        {
            int count = random.Next(10, 20);
            float[] coordinates = [.. Enumerable.Range(0, count).SelectMany(_ =>
            {
                double angle = random.NextDouble() * 2 * Math.PI, radius = i % 2 == 0 ? 0.8 : 0.8 * Math.Sqrt(random.NextDouble());
                return new[] { (float)(radius * Math.Cos(angle)), (float)(radius * Math.Sin(angle)) };
            })];
            return new PerceiverArrayExample([.. Enumerable.Repeat(1f, count)], [i % 2], coordinates);
        }).ToArray();
        var array = new PerceiverArraySettings
        {
            InputShape = [20],
            Positions = "coordinates",
            CoordinateResolutions = [8, 8],
            NumBands = 4,
        };
        AssertLearns(array, rows);
    }

    [TestMethod]
    public void Each_step_of_a_series_is_labelled_by_its_neighbours()
    {
        var random = new Random(6);
        var rows = Enumerable.Range(0, 300).Select(_ =>
        {
            float[] values = [.. Enumerable.Range(0, random.Next(6, 13)).Select(_ => random.Next(2) * 2f - 1)];
            // Whether the step before was the same; the first step does not count.
            return new PerceiverArrayExample(values, [-100, .. values.Zip(values.Skip(1), (a, b) => a == b ? 1f : 0f)]);
        }).ToArray();
        var array = new PerceiverArraySettings { InputShape = [12], NumBands = 6, Output = "positions" };
        var config = Config.WithLabels(["other", "same"]) with { Array = array, NumLatents = 12 };
        double accuracy = Learn(config, rows, PerceiverProblemType.SingleLabel, "Accuracy", Options with { Epochs = 40 });
        Assert.IsGreaterThanOrEqualTo(0.9, accuracy);
    }

    [TestMethod]
    public void The_next_steps_are_forecast_at_coordinates_beyond_the_window()
    {
        using var scope = NewDisposeScope();
        const int window = 16, horizon = 4;
        var array = new PerceiverArraySettings { InputShape = [window + horizon], NumBands = 8, Output = "coordinates" };
        using var model = new PerceiverForArray(Config.WithLabels(["y"]) with { Array = array, ProblemType = "regression" }, seed: 1);
        var places = (arange(window, window + horizon, ScalarType.Float32) * 2 / (window + horizon - 1) - 1).view(1, horizon, 1);
        model.train();
        using var optimizer = optim.Adam(model.parameters(), 3e-3);
        var (series, test) = (Waves(1, 128), Waves(2, 128));
        for (int step = 0; step < 200; step++)
        {
            using var one = NewDisposeScope();
            optimizer.zero_grad();
            var (past, next) = (series.narrow(1, 0, window), series.narrow(1, window, horizon));
            model.forward(past, labels: next, outputCoordinates: places).Loss!.backward();
            optimizer.step();
        }

        model.eval();
        using var gradients = no_grad();
        float error = model.forward(test.narrow(1, 0, window), labels: test.narrow(1, window, horizon), outputCoordinates: places)
            .Loss!.item<float>();
        // The mean of all waves, zero, is off by their mean square, a half.
        Assert.IsLessThan(0.05f, error);

        static Tensor Waves(int seed, int count)
        {
            var phases = Modules.TinyModels.Normal(seed, count, 1) * 10;
            return (arange(window + horizon, ScalarType.Float32) * 0.7 + phases).sin().unsqueeze(-1);
        }
    }

    [TestMethod]
    public void Rows_that_do_not_fit_the_array_are_refused()
    {
        var array = new PerceiverArraySettings { InputShape = [3, 2] };
        using var model = new PerceiverForArray(Config.WithLabels(["a", "b"]) with { Array = array }, seed: 1);
        foreach (float[] values in (float[][])[[], [1, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8]])
        {
            var rows = new[] { new PerceiverArrayExample([1, 2], [0]), new PerceiverArrayExample(values, [1]) };
            var error = Assert.ThrowsExactly<ArgumentException>(
                () => new PerceiverArrayObjective(model, PerceiverProblemType.SingleLabel, [.. rows], [], Options));
            Assert.Contains($"{values.Length} numbers", error.Message);
        }

        var points = new[] { new PerceiverArrayExample([1, 2], [0], [0, 0]) };
        Assert.ThrowsExactly<ArgumentException>(
            () => new PerceiverArrayObjective(model, PerceiverProblemType.SingleLabel, [.. points], [], Options));
    }

    // Half of the rows are of each class.
    private static void AssertLearns(PerceiverArraySettings array, PerceiverArrayExample[] rows)
    {
        var config = Config.WithLabels(["a", "b"]) with { Array = array };
        Assert.IsGreaterThanOrEqualTo(0.9, Learn(config, rows, PerceiverProblemType.SingleLabel, "Accuracy"));
    }

    private static double Learn(
        PerceiverConfig config,
        PerceiverArrayExample[] rows,
        PerceiverProblemType problem,
        string metric,
        PerceiverTrainingOptions? options = null)
    {
        int test = rows.Length / 4;
        using var model = new PerceiverForArray(config, seed: 1);
        var objective = new PerceiverArrayObjective(model, problem, [.. rows[test..]], [.. rows[..test]], options ?? Options);
        PerceiverTrainer.Run(objective, options ?? Options);
        return objective.Evaluate(CancellationToken.None)[metric];
    }
}
