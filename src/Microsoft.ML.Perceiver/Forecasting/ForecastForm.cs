namespace Microsoft.ML.Perceiver;

/// <summary>The form of a forecast's arrays: the instants of the window, and then those that are forecast.</summary>
/// <param name="Window">Instants of the window.</param>
/// <param name="Horizon">Instants that are forecast.</param>
/// <param name="Season">Instants of a season.</param>
/// <param name="Columns">Columns that are read.</param>
/// <param name="Answers">Quantiles of an instant.</param>
internal sealed record ForecastForm(int Window, int Horizon, int Season, int Columns, int Answers)
{
    private const int Bands = 32, ProjectedChannels = 32;

    /// <summary>Instants of an array.</summary>
    internal int Length => Window + Horizon;

    /// <summary>
    /// Numbers of an instant: that of each column, how the first differs from a season before, and whether it is past, to come or missing.
    /// </summary>
    internal int Channels => Columns + 2;

    /// <summary>The form of some settings.</summary>
    internal static ForecastForm Of(PerceiverForecastingOptions options) => new(
        options.WindowSize, options.Horizon, options.Season, options.OtherColumnNames.Count + 1, options.Quantiles.Count);

    /// <summary>The coordinates of the instants that are forecast.</summary>
    internal float[] Coordinates() => [.. Enumerable.Range(Window, Horizon).Select(i => -1 + 2f * i / (Length - 1))];

    /// <summary>The settings of a new model.</summary>
    internal PerceiverArraySettings ToSettings() => new()
    {
        InputShape = [Length],
        InputChannels = Channels,
        NumBands = Math.Min(Bands, Math.Max(1, Length / 2)),
        ProjectedChannels = ProjectedChannels,
        Output = PerceiverArraySettings.CoordinatesOutput,
    };

    /// <summary>What of a configuration does not fit; null for nothing.</summary>
    internal string? Fault(PerceiverConfig config)
    {
        var array = config.Array!;
        if (array.Output != PerceiverArraySettings.CoordinatesOutput || array.HasCoordinates || array.Resolutions.Count != 1)
            return $"its array has {array.Positions} positions and {array.Output} output.";
        if (array.InputShape is not [var length] || length != Length || array.InputChannels != Channels)
        {
            string extents = string.Join(" x ", array.InputShape);
            return $"its array is of {extents} instants of {array.InputChannels} numbers, and not of {Length} of {Channels}.";
        }

        if (config.NumLabels != Answers)
            return $"it gives {config.NumLabels} numbers of an instant, and not {Answers}.";
        return config.LabelDeviations is null ? "it has no label_deviations." : null;
    }
}
