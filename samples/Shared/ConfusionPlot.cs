using Microsoft.ML.Data;
using ScottPlot;

namespace Samples;

/// <summary>A confusion matrix as a picture.</summary>
internal static class ConfusionPlot
{
    private const int CellWidth = 72, CellHeight = 56, Border = 150;

    /// <summary>Draws a heat map: a row an actual label, coloured by what share of its rows was predicted as what, with the counts written in.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="matrix">The matrix.</param>
    /// <param name="labels">The labels in its order.</param>
    public static void Save(string path, ConfusionMatrix matrix, IReadOnlyList<string> labels)
    {
        int count = labels.Count;
        double[,] shares = new double[count, count];
        var plot = new Plot();
        plot.Add.Heatmap(shares).Colormap = new ScottPlot.Colormaps.Blues();
        for (int actual = 0; actual < count; actual++)
        {
            double rows = Math.Max(1, matrix.Counts[actual].Sum());
            for (int predicted = 0; predicted < count; predicted++)
            {
                double share = shares[actual, predicted] = matrix.Counts[actual][predicted] / rows;
                // The map's first row lies on top.
                var text = plot.Add.Text($"{matrix.Counts[actual][predicted]:f0}", predicted, count - 1 - actual);
                text.LabelAlignment = Alignment.MiddleCenter;
                text.LabelFontColor = share > 0.5 ? Colors.White : Colors.Black;
                text.LabelFontSize = 14;
            }
        }

        plot.GetPlottables<ScottPlot.Plottables.Heatmap>().Single().Update();
        double[] places = [.. Enumerable.Range(0, count)];
        plot.Axes.Bottom.SetTicks(places, [.. labels]);
        plot.Axes.Bottom.TickLabelStyle.Rotation = 45;
        plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleLeft;
        plot.Axes.Left.SetTicks(places, [.. labels.Reverse()]);
        plot.XLabel("predicted");
        plot.YLabel("actual");
        plot.Title($"{matrix.Counts.Select((r, i) => r[i]).Sum():f0} of {matrix.Counts.Sum(r => r.Sum()):f0} right");
        plot.HideGrid();
        plot.Axes.SetLimits(-0.5, count - 0.5, -0.5, count - 0.5);
        plot.SavePng(path, Border + count * CellWidth, Border + count * CellHeight);
    }
}
