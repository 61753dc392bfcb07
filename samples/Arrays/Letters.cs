using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Microsoft.ML;
using Spectre.Console;

namespace Arrays;

/// <summary>A table: which letter the 16 numbers of a row are of, beside LightGbm and SDCA on the same rows.</summary>
internal static class Letters
{
    private const int TrainingRows = 16_000, FewRows = 4_000;

    /// <summary>Trains, evaluates and saves.</summary>
    /// <param name="isFull">Whether all rows train.</param>
    /// <param name="modelPath">Where the model is saved.</param>
    /// <returns>The figures.</returns>
    internal static (string, double, string)[] Run(bool isFull, string modelPath)
    {
        var mlContext = new MLContext(seed: 1);
        var rows = Read();
        var train = mlContext.Data.LoadFromEnumerable(rows.Take(isFull ? TrainingRows : FewRows));
        var test = mlContext.Data.LoadFromEnumerable(rows.Skip(TrainingRows));
        var clock = Stopwatch.StartNew();
        var model = MyModel.Train(mlContext, train, isFull, modelPath);
        double seconds = clock.Elapsed.TotalSeconds;
        clock.Restart();
        var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(test));
        double rowsPerSecond = (rows.Length - TrainingRows) / clock.Elapsed.TotalSeconds;
        (model as IDisposable)?.Dispose();

        var key = mlContext.Transforms.Conversion.MapValueToKey("Label");
        double lightGbm = AccuracyOf(key.Append(mlContext.MulticlassClassification.Trainers.LightGbm()));
        double sdca = AccuracyOf(key.Append(mlContext.Transforms.NormalizeMeanVariance("Features"))
            .Append(mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy()));
        var table = new Table().Title($"4,000 letters after training on {(isFull ? TrainingRows : FewRows):n0}").AddColumns("", "right");
        table.AddRow("PerceiverArray", $"{metrics.MicroAccuracy:P2}");
        table.AddRow("LightGbm", $"{lightGbm:P2}");
        table.AddRow("SdcaMaximumEntropy", $"{sdca:P2}");
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"Trained in {seconds:f0} s; {rowsPerSecond:f0} rows a second.");
        return
        [
            ("table_test_accuracy", metrics.MicroAccuracy, "fraction"),
            ("table_baseline_accuracy", Math.Max(lightGbm, sdca), "fraction"),
            ("table_train_seconds", seconds, "s"),
            ("table_rows_per_second", rowsPerSecond, "rows/s"),
        ];

        double AccuracyOf(IEstimator<ITransformer> trainer) =>
            mlContext.MulticlassClassification.Evaluate(trainer.Fit(train).Transform(test)).MicroAccuracy;
    }

    private static MyModel.ModelInput[] Read()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Data", "letters.csv.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        reader.ReadLine();
        var rows = new List<MyModel.ModelInput>();
        while (reader.ReadLine() is { } line)
        {
            string[] values = line.Split(',');
            float[] numbers = Array.ConvertAll(values[1..], value => float.Parse(value, CultureInfo.InvariantCulture));
            rows.Add(new MyModel.ModelInput { Label = values[0], Features = numbers });
        }

        return [.. rows];
    }
}
