using System.Globalization;

namespace Microsoft.ML.Perceiver.GpuCheck;

/// <summary>Figures in a file: name, value and unit, separated by tabs.</summary>
internal static class Figures
{
    /// <summary>Adds figures at a file's end; without a file does nothing.</summary>
    internal static void Add(string? path, params IEnumerable<(string Name, double Value, string Unit)> figures)
    {
        if (path is null)
            return;
        var lines = figures.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Name}\t{f.Value:g4}\t{f.Unit}"));
        File.AppendAllLines(path, lines);
    }
}
