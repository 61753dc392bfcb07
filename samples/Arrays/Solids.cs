using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Samples;
using Spectre.Console;
using static TorchSharp.torch;

namespace Arrays;

/// <summary>Points of the surfaces of solids, turned at random: which solid it is, beside LightGbm on the sorted coordinates.</summary>
internal static class Solids
{
    private const int TestClouds = 1_000;

    /// <summary>Trains and evaluates.</summary>
    /// <param name="isFull">Whether to train on more clouds.</param>
    /// <returns>The figures.</returns>
    internal static (string, double, string)[] Run(bool isFull)
    {
        var random = new Random(1);
        PerceiverArrayExample[] train = Draw(isFull ? 12_000 : 3_000, random), test = Draw(TestClouds, random);
        var config = PerceiverPresets.SmallArray.WithLabels(PointCloud.Names) with
        {
            ProblemType = "single_label_classification",
            Array = new PerceiverArraySettings
            {
                InputShape = [PointCloud.Points],
                Positions = "coordinates",
                CoordinateResolutions = [12, 12, 12],
                NumBands = 6,
            },
        };
        using var model = new PerceiverForArray(config, seed: 1);
        var training = PerceiverPresets.ArrayTraining with { Epochs = isFull ? 12 : 6 };
        var clock = Stopwatch.StartNew();
        TrainingConsole.Run("solids", training, options => PerceiverTrainer.Run(
            new PerceiverArrayObjective(model, PerceiverProblemType.SingleLabel, [.. train], [.. test[..100]], options), options));
        double seconds = clock.Elapsed.TotalSeconds;
        clock.Restart();
        double accuracy = AccuracyOf(model, test[100..]);
        double rowsPerSecond = (TestClouds - 100) / clock.Elapsed.TotalSeconds, lightGbm = LightGbm(train, test[100..]);
        var table = new Table().Title($"{TestClouds - 100} clouds of {PointCloud.Points} points").AddColumns("", "right");
        table.AddRow("PerceiverForArray", $"{accuracy:P1}");
        table.AddRow("LightGbm on sorted coordinates", $"{lightGbm:P1}");
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"Trained in {seconds:f0} s; {rowsPerSecond:f0} rows a second.");
        return
        [
            ("points_test_accuracy", accuracy, "fraction"),
            ("points_baseline_accuracy", lightGbm, "fraction"),
            ("points_train_seconds", seconds, "s"),
            ("points_rows_per_second", rowsPerSecond, "rows/s"),
        ];
    }

    private static PerceiverArrayExample[] Draw(int count, Random random) => [.. Enumerable.Range(0, count).Select(i =>
    {
        int kind = i % PointCloud.Names.Length;
        float[] coordinates = PointCloud.Draw(kind, random);
        // The points have no numbers but where they are.
        return new PerceiverArrayExample([.. Enumerable.Repeat(1f, PointCloud.Points)], [kind], coordinates);
    })];

    private static double AccuracyOf(PerceiverForArray model, PerceiverArrayExample[] clouds)
    {
        model.eval();
        int right = 0;
        foreach (var batch in clouds.Chunk(100))
        {
            using var scope = NewDisposeScope();
            using var gradients = no_grad();
            var values = tensor(batch.SelectMany(cloud => cloud.Values).ToArray(), [batch.Length, PointCloud.Points, 1]);
            var places = tensor(batch.SelectMany(cloud => cloud.Coordinates!).ToArray(), [batch.Length, PointCloud.Points, 3]);
            var labels = tensor(batch.Select(cloud => (long)cloud.Target[0]).ToArray());
            right += (int)model.forward(values, coordinates: places).Logits.argmax(1).eq(labels).sum().item<long>();
        }

        return right / (double)clouds.Length;
    }

    private static double LightGbm(PerceiverArrayExample[] train, PerceiverArrayExample[] test)
    {
        var mlContext = new MLContext(seed: 1);
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.MulticlassClassification.Trainers.LightGbm());
        return mlContext.MulticlassClassification.Evaluate(pipeline.Fit(Rows(train)).Transform(Rows(test))).MicroAccuracy;

        IDataView Rows(PerceiverArrayExample[] clouds) => mlContext.Data.LoadFromEnumerable(clouds.Select(cloud => new SortedCloud
        {
            Label = cloud.Target[0],
            Features = [.. cloud.Coordinates!.Chunk(3).OrderBy(point => point[0]).SelectMany(point => point)],
        }));
    }

    private sealed class SortedCloud
    {
        public float Label { get; set; }

        [VectorType(PointCloud.Points * 3)]
        public float[] Features { get; set; } = [];
    }
}
