using System.ComponentModel.DataAnnotations;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>Settings of forecasts: the rows of the data are the instants of one series, in their order.</summary>
public sealed class PerceiverForecastingOptions : PerceiverOptions
{
    /// <summary>The column with the number of each instant, which is forecast. The default is "Value".</summary>
    [Required]
    [MinLength(1)]
    public string InputColumnName { get; set; } = "Value";

    /// <summary>
    /// Columns with other numbers of each instant, which are read up to the instant that is forecast from. The default is none.
    /// </summary>
    [Required]
    public IReadOnlyList<string> OtherColumnNames { get; set; } = [];

    /// <summary>The column that the numbers of the next instants are written to. The default is "Forecast".</summary>
    [Required]
    [MinLength(1)]
    public string OutputColumnName { get; set; } = "Forecast";

    /// <summary>How many instants a forecast is made of, the last of them that of its row. The default is 48.</summary>
    [Range(2, 65_536)]
    public int WindowSize { get; set; } = 48;

    /// <summary>How many instants are forecast. The default is 12.</summary>
    [Range(1, 65_536)]
    public int Horizon { get; set; } = 12;

    /// <summary>
    /// How many instants a season has, e.g. 12 for months of a year: the model learns how the series differs from that of a season before.
    /// At most the window's; the default is 1, where it learns how it differs from the last instant.
    /// </summary>
    [Range(1, 65_536)]
    public int Season { get; set; } = 1;

    /// <summary>The column that the lower bounds are written to; null, the default, for no bounds.</summary>
    [MinLength(1)]
    public string? LowerBoundColumnName { get; set; }

    /// <summary>The column that the upper bounds are written to; null, the default, for no bounds.</summary>
    [MinLength(1)]
    public string? UpperBoundColumnName { get; set; }

    /// <summary>The probability that a number is between its bounds, which are learnt as quantiles. The default is 0.95.</summary>
    [Range(0.01, 0.9999)]
    public double ConfidenceLevel { get; set; } = 0.95;

    internal bool HasBounds => LowerBoundColumnName is not null;

    /// <summary>The quantiles that the model gives: of the lower bound, the median, and the upper bound, or the median alone.</summary>
    internal IReadOnlyList<double> Quantiles => HasBounds ? [(1 - ConfidenceLevel) / 2, 0.5, (1 + ConfidenceLevel) / 2] : [0.5];

    internal override IReadOnlyList<InputColumn> Inputs =>
        [.. OtherColumnNames.Prepend(InputColumnName).Select(name => new InputColumn(name, new InputType(NumberDataViewType.Single)))];

    internal override IReadOnlyList<string> Heads => [HeadNames.Array];

    private protected override void CheckTogether()
    {
        base.CheckTogether();
        if (Season > WindowSize)
            throw new ArgumentException($"Season is {Season}, more than the window's {WindowSize} instants.", nameof(Season));
        if (LowerBoundColumnName is null != UpperBoundColumnName is null)
        {
            throw new ArgumentException(
                $"{nameof(LowerBoundColumnName)} and {nameof(UpperBoundColumnName)} must both be given, or neither.",
                nameof(LowerBoundColumnName));
        }

        if (OtherColumnNames.Any(string.IsNullOrEmpty))
            throw new ArgumentException($"{nameof(OtherColumnNames)} has an empty name.", nameof(OtherColumnNames));
        if (OtherColumnNames.Prepend(InputColumnName).Distinct(StringComparer.Ordinal).Count() <= OtherColumnNames.Count)
            throw new ArgumentException($"{nameof(OtherColumnNames)} has a name twice.", nameof(OtherColumnNames));
    }

    private protected override void CheckStart()
    {
        if (Checkpoint?.Config is not { Array: not null } config)
        {
            if (Training is null && Checkpoint is not null)
                throw new ArgumentException("The checkpoint's configuration has no 'array'.", nameof(Checkpoint));
            return;
        }

        if (ForecastForm.Of(this).Fault(config) is { } fault)
            throw new ArgumentException($"The checkpoint does not fit the settings: {fault}", nameof(Checkpoint));
    }
}
