using OxyPlot;
using OxyPlot.SkiaSharp;

namespace Samples;

/// <summary>Plots as files.</summary>
internal static class PlotFile
{
    /// <summary>Draws a plot into a PNG file.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="path">The file.</param>
    /// <param name="width">Pixels from left to right.</param>
    /// <param name="height">Pixels from top to bottom.</param>
    public static void Save(PlotModel plot, string path, int width, int height)
    {
        plot.Background = OxyColors.White;
        plot.DefaultFontSize = 14;
        using var file = File.Create(path);
        // Shaping is for scripts that join their letters, and needs one more native library.
        new PngExporter { Width = width, Height = height, UseTextShaping = false }.Export(plot, file);
    }
}
