using Microsoft.ML.Data;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Samples;

/// <summary>A confusion matrix as an image.</summary>
internal static class ConfusionPlot
{
    private const int Cell = 68, Border = 160;

    /// <summary>
    /// Draws a heat map: a row an actual label, coloured by what share of its rows was predicted as what, with the counts written in.
    /// </summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="matrix">The matrix.</param>
    /// <param name="labels">The labels in its order.</param>
    public static void Save(string path, ConfusionMatrix matrix, IReadOnlyList<string> labels)
    {
        int count = labels.Count;
        double right = matrix.Counts.Select((row, i) => row[i]).Sum(), all = matrix.Counts.Sum(row => row.Sum());
        var plot = new PlotModel { Title = $"{right:f0} of {all:f0} right" };
        plot.Axes.Add(Labels(AxisPosition.Bottom, "predicted", labels, angle: -40));
        plot.Axes.Add(Labels(AxisPosition.Left, "actual", [.. labels.Reverse()], angle: 0));
        plot.Axes.Add(new LinearColorAxis
        {
            Palette = OxyPalette.Interpolate(100, OxyColors.White, OxyColor.FromRgb(0x08, 0x45, 0x94)),
            Minimum = 0,
            Maximum = 1,
        });
        double[,] shares = new double[count, count];
        for (int actual = 0; actual < count; actual++)
        {
            double rows = Math.Max(1, matrix.Counts[actual].Sum());
            // The first label lies on top.
            int y = count - 1 - actual;
            for (int predicted = 0; predicted < count; predicted++)
            {
                shares[predicted, y] = matrix.Counts[actual][predicted] / rows;
                plot.Annotations.Add(new TextAnnotation
                {
                    Text = $"{matrix.Counts[actual][predicted]:f0}",
                    TextPosition = new DataPoint(predicted, y),
                    TextVerticalAlignment = VerticalAlignment.Middle,
                    TextColor = shares[predicted, y] > 0.5 ? OxyColors.White : OxyColors.Black,
                    StrokeThickness = 0,
                });
            }
        }

        plot.Series.Add(new HeatMapSeries
        {
            X0 = 0,
            X1 = count - 1,
            Y0 = 0,
            Y1 = count - 1,
            Data = shares,
            Interpolate = false,
            RenderMethod = HeatMapRenderMethod.Rectangles,
        });
        PlotFile.Save(plot, path, Border + count * Cell, Border + count * Cell);
    }

    private static CategoryAxis Labels(AxisPosition position, string title, IReadOnlyList<string> labels, double angle)
    {
        var axis = new CategoryAxis { Position = position, Title = title, GapWidth = 0, Angle = angle };
        axis.Labels.AddRange(labels);
        return axis;
    }
}
