using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>Forecasts a series with a Perceiver.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator use [PerceiverArray](xref:Microsoft.ML.PerceiverCatalog.PerceiverArray*) of `mlContext.Forecasting`.
///
/// ### Input and output columns
/// | Column | Type | What it is |
/// | -- | -- | -- |
/// | `InputColumnName` | Single | the number of each instant; the rows are the instants in their order |
/// | `OtherColumnNames` | Single | other numbers of each instant, read but not forecast |
/// | `OutputColumnName` | vector of Single | for each row the numbers of the next instants, as many as the horizon |
/// | `LowerBoundColumnName`, `UpperBoundColumnName` | vectors of Single | where they are named: the bounds of these numbers |
///
/// ### Trainer Characteristics
/// | | |
/// | -- | -- |
/// | Machine learning task | Forecasting |
/// | Is normalization required? | No, each window is standardised by its own mean and deviation |
/// | Is caching required? | No, training keeps the series |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Perceiver and TorchSharp-cpu, or a TorchSharp-cuda package |
/// | Exportable to ONNX | No |
///
/// ### Scoring
/// The model is `PerceiverForArray` over the window and the places of the instants to come, where it is asked by how much each differs
/// from the number of a season before; the answers are medians, and quantiles for the bounds. Rows whose past is shorter than the window
/// have a forecast too, of what past there is.
/// ]]></format>
/// </remarks>
/// <seealso cref="PerceiverCatalog"/>
public sealed class PerceiverForecastingEstimator : PerceiverEstimator<PerceiverForecastingTransformer, PerceiverForecastingOptions>
{
    /// <summary>Makes the estimator.</summary>
    /// <param name="environment">The context's environment.</param>
    /// <param name="options">The settings.</param>
    internal PerceiverForecastingEstimator(IHostEnvironment environment, PerceiverForecastingOptions options)
        : base(environment, options, options?.Checkpoint?.Config.Array is null ? PerceiverPresets.ForecastTraining : null)
    {
    }

    private protected override IReadOnlyList<OutputColumn> OutputsFor(SchemaShape inputSchema) => ForecastingStage.ColumnsOf(Options);

    private protected override PerceiverForecastingTransformer FitTo(IDataView input)
    {
        var form = ForecastForm.Of(Options);
        if (Options.Training is not { } settings)
            return Fit(Options.Checkpoint!.Config, training => throw new InvalidOperationException("Nothing is trained."));
        float[][] series = Read(input);
        float[][]? validationSeries = Options.ValidationSet is { } set ? Read(set) : null;
        int windows = series[0].Length - form.Window - form.Horizon + 1;
        if (windows < 1 || validationSeries?[0].Length < form.Length)
        {
            int instants = Math.Min(series[0].Length, validationSeries?[0].Length ?? int.MaxValue);
            throw new InvalidOperationException(
                $"The series has {instants} rows; a window of {form.Window} and a horizon of {form.Horizon} need {form.Length}.");
        }

        // The last windows validate, and what is learnt ends before the first of their horizons begins.
        int held = validationSeries is null ? (int)Math.Round(windows * settings.ValidationFraction) : 0;
        int end = held == 0 ? series[0].Length : series[0].Length - held - form.Horizon + 1;
        int first = Math.Min(form.Season, form.Window - 1);
        if (end - form.Horizon - first < 1)
            (held, end) = (0, series[0].Length);
        var training = new ForecastRows(form, series, first, end - form.Horizon - first, 1);
        var validation = validationSeries is not null
            ? new ForecastRows(form, validationSeries, form.Window - 1, validationSeries[0].Length - form.Length + 1, 1)
            : new ForecastRows(form, series, series[0].Length - form.Horizon - held, held, 1);
        var start = Options.Checkpoint?.Config ?? PerceiverPresets.SmallArray;
        double deviation = start.Array is null ? training.Deviation() : start.LabelDeviations![0];
        var config = start.Array is null ? ConfigOf(form, start, deviation) : start;
        return Fit(config, options => model => new PerceiverQuantileObjective(
            model,
            Options.Quantiles,
            form.Coordinates(),
            training.DividedBy(deviation),
            validation.DividedBy(deviation),
            options));
    }

    private PerceiverForecastingTransformer Fit(
        PerceiverConfig config, Func<PerceiverTrainingOptions, Func<PerceiverForArray, IPerceiverObjective>> createObjective) => Fit(
            PerceiverForecastingTransformer.File,
            Options.CheckpointOr(config, PerceiverInitialization.LocalArray),
            new ForecastFound(),
            createObjective,
            content => new PerceiverForecastingTransformer(Host, content),
            config,
            newHead: true);

    private PerceiverConfig ConfigOf(ForecastForm form, PerceiverConfig start, double deviation) =>
        start.WithLabels([.. Options.Quantiles.Select(q => FormattableString.Invariant($"{q:0.#####}"))]) with
        {
            Array = form.ToSettings(),
            Architectures = [nameof(PerceiverForArray)],
            ProblemType = ClassificationLoss.NameOf(PerceiverProblemType.Regression),
            LabelMeans = new double[form.Answers],
            LabelDeviations = [.. Enumerable.Repeat(deviation, form.Answers)],
        };

    // The numbers of each column.
    private float[][] Read(IDataView data)
    {
        var columns = Options.Inputs.Select(input => input.In(data.Schema)).ToArray();
        var rows = TrainingRows.Read(data, columns, row => ForecastReader.Create(row, columns));
        if (rows.Count == 0)
            throw TrainingRows.NoRows();
        return [.. columns.Select((_, i) => rows.Select(row => row[i]).ToArray())];
    }
}
