using BatchScore.Running;

namespace BatchScore;

/// <summary>The figures of a run.</summary>
internal static class SummaryFigures
{
    /// <summary>Name, value and unit of each.</summary>
    /// <param name="figures">What the shards took.</param>
    /// <param name="found">What was found in the outputs.</param>
    public static IEnumerable<(string Name, double Value, string Unit)> Of(RunFigures figures, Verification found) =>
    [
        ("rows", found.Rows, "rows"),
        ("rows_bad", found.BadRows, "rows"),
        ("rows_lost", found.Lost, "rows"),
        ("rows_misplaced", found.Misplaced, "rows"),
        ("shards", found.Shards, "shards"),
        ("rows_per_second", figures.RowsPerSecond, "rows/s"),
        ("memory_peak_mb", figures.PeakMegabytes, "MB"),
        ("memory_growth_percent", figures.GrowthPercent, "%"),
    ];
}
