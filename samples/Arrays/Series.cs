using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Samples;
using Spectre.Console;

namespace Arrays;

/// <summary>A forecast of a series, beside the season before and singular spectrum analysis; the last fifth of the series tests.</summary>
/// <param name="path">The file with a number a line; null for the months of carbon dioxide.</param>
/// <param name="season">Lines of a season.</param>
/// <param name="horizon">Lines that are forecast.</param>
internal sealed class Series(string? path, int season, int horizon)
{
    private readonly float[] _numbers = Read(path ?? Path.Combine(AppContext.BaseDirectory, "Data", "co2.txt"));

    private int Window => season < 48 ? 5 * season : season;

    private int First => _numbers.Length * 4 / 5;

    /// <summary>Trains and evaluates.</summary>
    /// <param name="isFull">Whether to train longer.</param>
    /// <param name="modelPath">Where the model is saved; null for nowhere.</param>
    /// <returns>The figures.</returns>
    internal (string, double, string)[] Run(bool isFull, string? modelPath)
    {
        var mlContext = new MLContext(seed: 1);
        var train = Rows(mlContext, _numbers[..First]);
        // Short series take many epochs, long ones few.
        int epochs = Math.Clamp(30_000 / First, 5, 60);
        var training = PerceiverPresets.ForecastTraining with { Epochs = isFull ? 2 * epochs : epochs };
        var clock = Stopwatch.StartNew();
        using var model = TrainingConsole.Run("the series", training, options => mlContext.Forecasting.PerceiverArray(
            nameof(Forecast.Numbers), nameof(Instant.Value), Window, horizon, season, training: options).Fit(train));
        double seconds = clock.Elapsed.TotalSeconds;
        if (modelPath is not null)
            SavedModel.Save(mlContext, model, train, modelPath);
        clock.Restart();
        float[][] forecasts = [.. model.Transform(Rows(mlContext, _numbers)).GetColumn<float[]>(nameof(Forecast.Numbers))];
        double rowsPerSecond = _numbers.Length / clock.Elapsed.TotalSeconds;

        double error = ErrorOf(last => forecasts[last]);
        double naive = ErrorOf(last => [.. Enumerable.Range(0, horizon).Select(i => _numbers[last - season + 1 + i % season])]);
        double spectrum = BestSpectrumError();
        var table = new Table().Title($"The next {horizon} numbers, from each of the last {_numbers.Length - First:n0}")
            .AddColumns("", "mean absolute error");
        table.AddRow("PerceiverArray", $"{error:g4}");
        table.AddRow("the season before", $"{naive:g4}");
        table.AddRow("singular spectrum analysis, the best by the test itself", $"{spectrum:g4}");
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"Trained in {seconds:f0} s; {rowsPerSecond:f0} rows a second.");
        return
        [
            ("forecast_test_mae", error, "unit of the series"),
            ("forecast_baseline_mae", Math.Min(naive, spectrum), "unit of the series"),
            ("forecast_train_seconds", seconds, "s"),
            ("forecast_rows_per_second", rowsPerSecond, "rows/s"),
        ];
    }

    // The test chooses its settings, which favours it.
    private double BestSpectrumError()
    {
        int[] windows = [2 * season, Window];
        int[] ranks = [5, 7, 10, 20, 40, 100];
        return windows.SelectMany(window => ranks.Where(rank => rank < window - 1).Select(rank => SpectrumError(window, rank))).Min();
    }

    private double SpectrumError(int window, int patterns)
    {
        var spectrum = SingularSpectrum.Fit(_numbers.AsSpan(0, First), window, patterns);
        return ErrorOf(last => spectrum.Forecast(_numbers.AsSpan(0, last + 1), horizon));
    }

    private double ErrorOf(Func<int, float[]> forecast)
    {
        // Long series are tested at some hundred instants.
        int step = Math.Max(1, (_numbers.Length - First) / 200);
        var errors = new List<double>();
        for (int last = First - 1; last + horizon < _numbers.Length; last += step)
        {
            float[] numbers = forecast(last);
            errors.Add(numbers.Select((number, i) => Math.Abs((double)number - _numbers[last + 1 + i])).Average());
        }

        return errors.Average();
    }

    private static IDataView Rows(MLContext mlContext, float[] numbers) =>
        mlContext.Data.LoadFromEnumerable(numbers.Select(number => new Instant { Value = number }));

    private static float[] Read(string path) =>
        [.. File.ReadLines(path).Where(line => line.Length > 0).Select(line => float.Parse(line, CultureInfo.InvariantCulture))];

    private sealed class Instant
    {
        public float Value { get; set; }
    }

    private sealed class Forecast
    {
        public float[] Numbers { get; set; } = [];
    }
}
