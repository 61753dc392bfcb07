using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>What benchmarks have in common: a time, the middle of several, and a line for a figure.</summary>
internal static class Measured
{
    /// <summary>How long something takes.</summary>
    internal static double Seconds(Action run)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The median; of an even number of values, the mean of the two in the middle.</summary>
    internal static double Median(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        return (ordered[(ordered.Length - 1) / 2] + ordered[ordered.Length / 2]) / 2;
    }

    /// <summary>A figure's line: name, value and unit, separated by tabs.</summary>
    internal static string Figure(string name, double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{name}\t{value:g4}\t{unit}");
}
