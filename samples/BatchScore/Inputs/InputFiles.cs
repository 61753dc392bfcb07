using Microsoft.Extensions.FileSystemGlobbing;

namespace BatchScore.Inputs;

/// <summary>The files that the command names.</summary>
internal static class InputFiles
{
    private static readonly char[] s_wildcards = ['*'];

    /// <summary>All files, in the order of the inputs, and those of one input in the order of their paths.</summary>
    /// <param name="inputs">Files, folders, and patterns with * and **.</param>
    /// <param name="format">The format; null where the files' names tell it.</param>
    /// <param name="outFolder">Where the outputs are written: what is in it is no input.</param>
    /// <returns>The files, and their format.</returns>
    /// <exception cref="ArgumentException">There are none, one is named twice, or their formats differ or are not known.</exception>
    public static (IReadOnlyList<InputFile> Files, string Format) Find(IReadOnlyList<string> inputs, string? format, string outFolder)
    {
        if (inputs.Count == 0)
            throw new ArgumentException("--input names no file.");
        var files = new List<InputFile>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string outRoot = Path.GetFullPath(outFolder) + Path.DirectorySeparatorChar;
        foreach (string input in inputs)
        {
            int before = files.Count;
            foreach (string name in Expand(input, format))
            {
                string path = Path.GetFullPath(name);
                if (path.StartsWith(outRoot, StringComparison.Ordinal))
                    continue;
                if (!seen.Add(path))
                    throw new ArgumentException($"'{name}' is named twice, at last by --input '{input}'.");
                files.Add(InputFile.Of(name, path));
            }

            if (files.Count == before)
                throw new ArgumentException($"--input '{input}' matches no file{(format is null ? "" : $" of {format}")}.");
        }

        return (files, format ?? CommonFormat(files));
    }

    private static string CommonFormat(List<InputFile> files)
    {
        string? common = null;
        foreach (var file in files)
        {
            string format = RowFormat.NameOf(file.Name)
                ?? throw new ArgumentException($"The name '{file.Name}' does not tell its format; say it with --format.");
            common ??= format;
            if (format != common)
                throw new ArgumentException($"'{files[0].Name}' is of {common} and '{file.Name}' of {format}; one run takes one format.");
        }

        return common!;
    }

    private static IEnumerable<string> Expand(string input, string? format)
    {
        if (Directory.Exists(input))
        {
            // A folder may have other files beside.
            return Directory.EnumerateFiles(input, "*", SearchOption.AllDirectories)
                .Where(name => RowFormat.NameOf(name) is { } found && (format is null || found == format))
                .Order(StringComparer.Ordinal);
        }

        if (input.IndexOfAny(s_wildcards) < 0)
            return [input];
        string[] parts = input.Split('/', Path.DirectorySeparatorChar);
        int first = Array.FindIndex(parts, part => part.IndexOfAny(s_wildcards) >= 0);
        string root = string.Join(Path.DirectorySeparatorChar, parts[..first]);
        // The pattern of a path from the root begins with an empty part.
        string folder = root.Length > 0 ? root : first > 0 ? Path.DirectorySeparatorChar.ToString() : ".";
        if (!Directory.Exists(folder))
            throw new ArgumentException($"--input '{input}': there is no folder '{folder}'.");
        var matcher = new Matcher(StringComparison.Ordinal);
        matcher.AddInclude(string.Join('/', parts[first..]));
        return matcher.GetResultsInFullPath(folder)
            .Select(path => folder == "." ? Path.GetRelativePath(folder, path) : Path.Combine(folder, Path.GetRelativePath(folder, path)))
            .Order(StringComparer.Ordinal);
    }
}
