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

    /// <summary>Runs two things by turns, so that a disturbance hits both alike, after one run of each.</summary>
    /// <param name="measured">What is measured.</param>
    /// <param name="baseline">What it is held against.</param>
    /// <returns>The median of the rounds' ratios, and the first one's median time.</returns>
    internal static (double Ratio, double Seconds) ByTurns(Action measured, Action baseline)
    {
        const int rounds = 9;
        baseline();
        measured();
        var times = new List<double>();
        var ratios = new List<double>();
        // A baseline before and one behind each run.
        double before = Seconds(baseline);
        for (int i = 0; i < rounds; i++)
        {
            times.Add(Seconds(measured));
            double behind = Seconds(baseline);
            ratios.Add(2 * times[^1] / (before + behind));
            before = behind;
        }

        return (Median(ratios), Median(times));
    }

    /// <summary>A figure's line: name, value and unit, separated by tabs.</summary>
    internal static string Figure(string name, double value, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}\t{value:g4}\t{unit}");
}
