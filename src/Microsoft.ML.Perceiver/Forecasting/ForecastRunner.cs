using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>How a model that forecasts runs.</summary>
internal sealed class ForecastRunner : ModelRunner<PerceiverForArray>
{
    private readonly PerceiverArraySettings _settings;
    private readonly float[] _coordinates;
    private readonly int _batchSize;

    /// <param name="model">The model, on its device and in its precision.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="form">The form of its arrays.</param>
    internal ForecastRunner(PerceiverForArray model, PerceiverForecastingOptions options, ForecastForm form) : base(model, options)
    {
        if (form.Fault(model.Config) is { } fault)
            throw new FormatException($"The model does not fit its settings: {fault}");
        _settings = model.Config.Array!;
        _coordinates = form.Coordinates();
        long rows = InputBudget.Of(model.Config, model.Preprocessor.NumChannels, options.MaxMemoryBytes) / form.Length;
        _batchSize = (int)Math.Clamp(rows, 1, BatchSize);
    }

    /// <summary>Rows that a data view reads ahead.</summary>
    internal int WindowSize => _batchSize;

    /// <summary>The numbers of the instants to come, for each window and each quantile, in the series' unit.</summary>
    internal float[][][] Forecast(IReadOnlyList<ForecastWindow> windows) =>
        [.. windows.Chunk(_batchSize).SelectMany(batch => Infer(() => Answers(batch)).Zip(batch, InUnit))];

    // [windows, instants x quantiles], in the windows' deviations.
    private Tensor Answers(ForecastWindow[] windows)
    {
        var batch = ArrayBatch.Of(_settings, [.. windows.Select(window => new ArrayRow(window.Inputs))], Device);
        var places = tensor(_coordinates, [1, _coordinates.Length, 1], device: Device);
        return Model.InLabelUnits(Model.forward(
            batch.Inputs, outputAttentions: false, outputHiddenStates: false, outputCoordinates: places).Logits).flatten(1);
    }

    // Quantiles that cross are put in order.
    private float[][] InUnit(float[] answers, ForecastWindow window)
    {
        int quantiles = answers.Length / window.Naive.Length;
        float[][] result = [.. Enumerable.Range(0, quantiles).Select(_ => new float[window.Naive.Length])];
        for (int i = 0; i < window.Naive.Length; i++)
        {
            var ofInstant = answers.AsSpan(i * quantiles, quantiles);
            ofInstant.Sort();
            for (int q = 0; q < quantiles; q++)
                result[q][i] = window.Naive[i] + window.Deviation * ofInstant[q];
        }

        return result;
    }
}
