using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverForecastingTransformer), null, typeof(SignatureLoadModel),
    "Perceiver forecasting", PerceiverForecastingTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Forecasts a series. See <see cref="PerceiverForecastingEstimator"/>. A row's forecast depends on the rows before it, which a cursor or a
/// prediction engine keeps: give each its rows in the order of the series.
/// </summary>
public sealed class PerceiverForecastingTransformer : PerceiverTransformer<PerceiverForArray>
{
    internal const string LoaderSignature = "PerceiverForecasting";

    internal static readonly StageFile<PerceiverForecastingOptions, ForecastFound, PerceiverForArray> File = new(
        "PCVRFCST", LoaderSignature, (config, _) => new PerceiverForArray(config, initialize: false));

    private readonly ForecastingStage _stage;
    private readonly PerceiverForecastingOptions _options;

    internal PerceiverForecastingTransformer(IHostEnvironment environment, ForecastingContent content)
        : this(environment, content, new ForecastingStage(content))
    {
    }

    private PerceiverForecastingTransformer(IHostEnvironment environment, ForecastingContent content, ForecastingStage stage)
        : base(environment, content, stage) => (_stage, _options) = (stage, content.Options);

    /// <summary>Forecasts what comes after a series, without a data view.</summary>
    /// <param name="past">
    /// The numbers of the series so far, the last ones at least; what is before the window is not read, but for a season.
    /// </param>
    /// <param name="others">The numbers of the other columns, as many for each; none where the model reads one column.</param>
    /// <returns>The numbers of the next instants, in the series' unit.</returns>
    /// <exception cref="ArgumentException">
    /// There are no numbers, one is not finite, or columns are missing or of another length.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public PerceiverForecast Forecast(IReadOnlyList<float> past, params IReadOnlyList<IReadOnlyList<float>> others)
    {
        ArgumentNullException.ThrowIfNull(past);
        ArgumentNullException.ThrowIfNull(others);
        string[] names = [.. _options.OtherColumnNames.Prepend(_options.InputColumnName)];
        float[][] series = [[.. past], .. others.Select(column => column.ToArray())];
        if (series.Length != names.Length)
            throw new ArgumentException($"There are {series.Length} columns; the model reads {string.Join(", ", names)}.", nameof(others));
        for (int i = 0; i < series.Length; i++)
        {
            if (series[i].Length == 0 || series[i].Length != past.Count)
                throw new ArgumentException($"'{names[i]}' has {series[i].Length} numbers; a forecast needs one, as many in each column.");
            int wrong = Array.FindIndex(series[i], number => !float.IsFinite(number));
            if (wrong >= 0)
                throw new ArgumentException($"'{names[i]}' has {series[i][wrong]} at {wrong}, which is no finite number.");
        }

        using var use = BeginUse();
        float[][] answers = _stage.Forecast(series);
        return answers is [var lower, var median, var upper]
            ? new PerceiverForecast(median, lower, upper)
            : new PerceiverForecast(answers[0]);
    }

    // Found by ML.NET when it loads a model.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        File.Read(env, ctx, content => new PerceiverForecastingTransformer(env, content));
}
