using Microsoft.ML.Perceiver;

namespace Microsoft.ML;

// Forecasts of series.
public static partial class PerceiverCatalog
{
    /// <summary>Learns to forecast a series, whose instants are the rows of the data in their order.</summary>
    /// <param name="catalog">The forecasting catalog.</param>
    /// <param name="outputColumnName">The column for the numbers of the next instants, a vector of Single for each row.</param>
    /// <param name="inputColumnName">The column with the number of each instant, a Single.</param>
    /// <param name="windowSize">How many instants a forecast is made of.</param>
    /// <param name="horizon">How many instants are forecast.</param>
    /// <param name="season">
    /// How many instants a season has, e.g. 12 for months of a year or 168 for hours of a week; 1 for none.
    /// </param>
    /// <param name="confidenceLowerBoundColumn">The column for the lower bounds; null for no bounds.</param>
    /// <param name="confidenceUpperBoundColumn">The column for the upper bounds; null for no bounds.</param>
    /// <param name="confidenceLevel">The probability that a number is between its bounds.</param>
    /// <param name="training">How to train; null for <see cref="PerceiverPresets.ForecastTraining"/>.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer forecasts from each row.</returns>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // The months of twenty years; the next twelve from the last row.
    /// var mlContext = new MLContext(seed: 1);
    /// var months = mlContext.Data.LoadFromEnumerable(
    ///     Enumerable.Range(0, 240).Select(i => new { Value = 100 + i + 20 * MathF.Sin(i * MathF.PI / 6) }).ToArray());
    /// using var model = mlContext.Forecasting.PerceiverArray("Forecast", "Value", windowSize: 36, horizon: 12, season: 12).Fit(months);
    /// float[] nextYear = model.Transform(months).GetColumn<float[]>("Forecast").Last();
    /// ]]></code>
    /// </example>
    public static PerceiverForecastingEstimator PerceiverArray(
        this ForecastingCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        int windowSize,
        int horizon,
        int season = 1,
        string? confidenceLowerBoundColumn = null,
        string? confidenceUpperBoundColumn = null,
        double confidenceLevel = 0.95,
        PerceiverTrainingOptions? training = null) =>
        catalog.PerceiverArray(new PerceiverForecastingOptions
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            WindowSize = windowSize,
            Horizon = horizon,
            Season = season,
            LowerBoundColumnName = confidenceLowerBoundColumn,
            UpperBoundColumnName = confidenceUpperBoundColumn,
            ConfidenceLevel = confidenceLevel,
            Training = training,
        });

    /// <summary>Learns to forecast a series, or forecasts with a checkpoint of such a model.</summary>
    /// <param name="catalog">The forecasting catalog.</param>
    /// <param name="options">
    /// The settings; training with <see cref="PerceiverPresets.ForecastTraining"/> where they name neither training nor a checkpoint with
    /// an array.
    /// </param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer forecasts from each row.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Demand by temperature, with bounds that nine of ten numbers are between.
    /// var mlContext = new MLContext(seed: 1);
    /// var hours = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 400).Select(
    ///     i => new { Demand = 50 + 10 * MathF.Sin(i * MathF.PI / 12), Temperature = 20 - 5 * MathF.Cos(i * MathF.PI / 12) }).ToArray());
    /// using var model = mlContext.Forecasting.PerceiverArray(new PerceiverForecastingOptions
    /// {
    ///     InputColumnName = "Demand",
    ///     OtherColumnNames = ["Temperature"],
    ///     WindowSize = 72,
    ///     Horizon = 24,
    ///     Season = 24,
    ///     LowerBoundColumnName = "Least",
    ///     UpperBoundColumnName = "Most",
    ///     ConfidenceLevel = 0.9,
    /// }).Fit(hours);
    /// ]]></code>
    /// </example>
    public static PerceiverForecastingEstimator PerceiverArray(this ForecastingCatalog catalog, PerceiverForecastingOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PerceiverForecastingEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }
}
