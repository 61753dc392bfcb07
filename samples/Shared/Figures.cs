using System.Globalization;

namespace Samples;

/// <summary>The figures of a run as a file that programs read.</summary>
internal static class Figures
{
    /// <summary>Writes a line a figure: name, value and unit, separated by tabs.</summary>
    /// <param name="path">The file; null writes none.</param>
    /// <param name="figures">The figures.</param>
    public static void Write(string? path, params (string Name, double Value, string Unit)[] figures)
    {
        if (path is not null)
            File.WriteAllLines(path, figures.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Name}\t{f.Value:g6}\t{f.Unit}")));
    }
}
