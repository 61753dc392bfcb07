using System.Globalization;
using ScottPlot;

namespace Samples;

/// <summary>The curves of a training's run folder as a picture.</summary>
internal static class MetricsPlot
{
    private const int Width = 1000, Height = 700;

    /// <summary>Draws <c>metrics.png</c> into a run folder: the losses above, the metric below.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="metric">The validation metric to draw, as evaluations.csv names it.</param>
    public static void Save(string folder, string metric)
    {
        var steps = Table.Read(Path.Combine(folder, "steps.csv"));
        var evaluations = Table.Read(Path.Combine(folder, "evaluations.csv"));
        var plots = new Multiplot();
        plots.AddPlots(2);
        var losses = plots.GetPlot(0);
        var line = losses.Add.ScatterLine(steps["step"], Smooth(steps["loss"]));
        line.LegendText = "training loss, smoothed";
        if (evaluations.Has("LogLoss"))
            Markers(losses, evaluations["step"], evaluations["LogLoss"], "validation loss");
        losses.Axes.SetLimitsY(0, steps["loss"].Take(20).Max() * 1.05);
        losses.YLabel("cross-entropy [nats]");
        losses.ShowLegend(Alignment.UpperRight);
        var below = plots.GetPlot(1);
        if (evaluations.Has(metric))
            Markers(below, evaluations["step"], evaluations[metric], $"validation {metric}");
        below.YLabel(metric);
        below.XLabel("step");
        below.ShowLegend(Alignment.LowerRight);
        plots.SavePng(Path.Combine(folder, "metrics.png"), Width, Height);
    }

    private static void Markers(Plot plot, double[] x, double[] y, string name)
    {
        var points = plot.Add.Scatter(x, y);
        points.LegendText = name;
        points.LineWidth = 2;
    }

    // A running mean that forgets over about a fiftieth of the run.
    private static double[] Smooth(double[] values)
    {
        double keep = 1 - 50.0 / Math.Max(51, values.Length), mean = 0, weight = 0;
        return Array.ConvertAll(values, v =>
        {
            mean = keep * mean + (1 - keep) * v;
            weight = keep * weight + (1 - keep);
            return mean / weight;
        });
    }

    private sealed class Table(string[] names, double[][] columns)
    {
        public double[] this[string name] => columns[Array.IndexOf(names, name)];

        public static Table Read(string path)
        {
            string[][] lines = File.ReadLines(path).Select(l => l.Split(',')).ToArray();
            var rows = lines.Skip(1).ToArray();
            return new Table(lines[0], Enumerable.Range(0, lines[0].Length).Select(c => rows.Select(r => Number(r[c])).ToArray()).ToArray());
        }

        public bool Has(string name) => names.Contains(name);

        private static double Number(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;
    }
}
