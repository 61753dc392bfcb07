using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace Samples;

/// <summary>The curves of a training's run folder as an image.</summary>
internal static class MetricsPlot
{
    /// <summary>Draws <c>metrics.png</c> into a run folder: the losses above, the metric below.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="metric">The validation metric to draw, as evaluations.csv names it.</param>
    /// <param name="loss">What the loss is, with its unit.</param>
    /// <param name="unit">The metric's unit; null for a number without one.</param>
    public static void Save(string folder, string metric, string loss = "cross-entropy [nats]", string? unit = null)
    {
        var steps = Table.Read(Path.Combine(folder, "steps.csv"));
        var evaluations = Table.Read(Path.Combine(folder, "evaluations.csv"));
        var plot = new PlotModel { IsLegendVisible = true };
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Title = "step", Minimum = 0 });
        plot.Axes.Add(Half("loss", loss, upper: true, maximum: steps["loss"].Take(20).Max() * 1.05));
        plot.Axes.Add(Half("metric", unit is null ? metric : $"{metric} [{unit}]", upper: false, maximum: double.NaN));
        // Losses fall, so that their upper right is empty.
        plot.Legends.Add(new Legend
        {
            LegendPosition = LegendPosition.RightTop,
            LegendBackground = OxyColors.White,
            LegendBorder = OxyColors.LightGray,
        });
        plot.Series.Add(Line("loss", "training loss, smoothed", steps["step"], Smooth(steps["loss"]), markers: false));
        if (evaluations.Has("LogLoss"))
            plot.Series.Add(Line("loss", "validation loss", evaluations["step"], evaluations["LogLoss"], markers: true));
        if (evaluations.Has(metric))
            plot.Series.Add(Line("metric", $"validation {metric}", evaluations["step"], evaluations[metric], markers: true));
        PlotFile.Save(plot, Path.Combine(folder, "metrics.png"), width: 1000, height: 700);
    }

    private static LinearAxis Half(string key, string title, bool upper, double maximum) => new()
    {
        Key = key,
        Title = title,
        Position = AxisPosition.Left,
        StartPosition = upper ? 0.52 : 0,
        EndPosition = upper ? 1 : 0.48,
        Minimum = upper ? 0 : double.NaN,
        Maximum = maximum,
        MaximumPadding = 0.05,
        AxisTitleDistance = upper ? 4 : 12,
        MajorGridlineStyle = LineStyle.Solid,
        MajorGridlineColor = OxyColors.Gainsboro,
    };

    private static LineSeries Line(string axis, string name, double[] x, double[] y, bool markers)
    {
        var line = new LineSeries
        {
            YAxisKey = axis,
            Title = name,
            StrokeThickness = 2,
            MarkerType = markers ? MarkerType.Circle : MarkerType.None,
            MarkerSize = 3,
        };
        line.Points.AddRange(x.Zip(y, (a, b) => new DataPoint(a, b)));
        return line;
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
            double[] Column(int index) => [.. rows.Select(r => Number(r[index]))];
            return new Table(lines[0], [.. Enumerable.Range(0, lines[0].Length).Select(Column)]);
        }

        public bool Has(string name) => names.Contains(name);

        private static double Number(string text) =>
            double.TryParse(text, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;
    }
}
