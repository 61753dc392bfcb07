global using ForecastingContent = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverForecastingOptions,
    Microsoft.ML.Perceiver.ForecastFound,
    Microsoft.ML.Perceiver.PerceiverForArray>;

using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>Windows of a series to the numbers of the next instants.</summary>
internal sealed class ForecastingStage : BatchStage<ForecastWindow, float[][]>, IModelStage<PerceiverForArray>
{
    private readonly ForecastRunner _runner;
    private readonly ForecastForm _form;

    internal ForecastingStage(ForecastingContent content)
    {
        var options = content.Options;
        _form = ForecastForm.Of(options);
        _runner = new ForecastRunner(content.Model, options, _form);
        Inputs = options.Inputs;
        Outputs = ColumnsOf(options);
    }

    public override IReadOnlyList<InputColumn> Inputs { get; }

    public override IReadOnlyList<OutputColumn<float[][]>> Outputs { get; }

    ModelRunner<PerceiverForArray> IModelStage<PerceiverForArray>.Runner => _runner;

    internal override int WindowSize => _runner.WindowSize;

    /// <summary>
    /// The columns: the median, and the bounds where they are wanted. A result has the lower bounds, the medians and the upper bounds.
    /// </summary>
    internal static IReadOnlyList<OutputColumn<float[][]>> ColumnsOf(PerceiverForecastingOptions options)
    {
        return options.HasBounds
            ? [Column(options.OutputColumnName, 1), Column(options.LowerBoundColumnName!, 0), Column(options.UpperBoundColumnName!, 2)]
            : [Column(options.OutputColumnName, 0)];

        OutputColumn<float[][]> Column(string name, int answer) =>
            OutputColumn<float[][]>.Vector(name, NumberDataViewType.Single, row => row[answer], options.Horizon);
    }

    internal override Func<ForecastWindow> CreateReader(DataViewRow row, DataViewSchema.Column[] columns) =>
        ForecastReader.CreateWindows(_form, row, columns);

    internal override float[][][] Score(IReadOnlyList<ForecastWindow> window) => _runner.Forecast(window);

    /// <summary>Forecasts what comes after a series.</summary>
    /// <param name="series">The numbers of each column.</param>
    internal float[][] Forecast(float[][] series) => Score([ForecastWindow.Read(_form, series, series[0].Length - 1)])[0];
}

/// <summary>What fitting a forecast finds out: nothing that the configuration does not have.</summary>
internal sealed record ForecastFound : IFound
{
    public void Check(PerceiverConfig config)
    {
        if (config.Array is null)
            throw new FormatException("The configuration has no array.");
    }
}
