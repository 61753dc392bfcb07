namespace Microsoft.ML.Perceiver.Tests.Forecasting;

/// <summary>Series for the tests of forecasts.</summary>
internal static class ForecastData
{
    /// <summary>A model that trains in a moment.</summary>
    internal static PerceiverConfig Config { get; } = new()
    {
        NumLatents = 6,
        LatentChannels = 16,
        NumSelfAttendsPerBlock = 1,
        NumSelfAttentionHeads = 2,
        NumCrossAttentionHeads = 2,
        QueryKeyChannels = 16,
        ValueChannels = 16,
        AttentionDropout = 0,
        InitializerRange = 0.3,
    };

    /// <summary>A season of six instants whose level rises and falls once in 40, and another column.</summary>
    internal static IDataView Rows(MLContext context, int count) => context.Data.LoadFromEnumerable(
        Numbers(count).Select((value, i) => new Row { Value = value, Other = i % 5 }).ToArray());

    internal static float[] Numbers(int count) =>
        [.. Enumerable.Range(0, count).Select(i => 1000 + 50 * MathF.Sin(i * MathF.PI / 3) + 100 * MathF.Sin(i * MathF.PI / 20))];

    internal static PerceiverForecastingOptions Options(int epochs = 1) => new()
    {
        WindowSize = 12,
        Horizon = 3,
        Season = 6,
        Checkpoint = PerceiverCheckpoint.FromConfig(Config, 3, PerceiverInitialization.LocalArray),
        Training = new PerceiverTrainingOptions { Epochs = epochs, BatchSize = 16, LearningRate = 3e-3 },
        BatchSize = 4,
    };

    internal sealed class Row
    {
        public float Value { get; set; }

        public float Other { get; set; }
    }

    internal sealed class Forecast
    {
        [Microsoft.ML.Data.ColumnName("Forecast")]
        public float[] Numbers { get; set; } = [];
    }
}
