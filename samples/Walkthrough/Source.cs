namespace Walkthrough;

/// <summary>The program's own source files.</summary>
internal static class Source
{
    /// <summary>The lines of a file.</summary>
    /// <param name="file">Its name.</param>
    public static string[] Lines(string file)
    {
        using var stream = typeof(Source).Assembly.GetManifestResourceStream(file)
            ?? throw new FileNotFoundException($"The program has no source file '{file}' in it.", file);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n").Split('\n');
    }

    /// <summary>The using directives that all cells have.</summary>
    public static string Usings => string.Join('\n', Lines("GlobalUsings.cs").Where(l => l.Length > 0).Select(l => l["global ".Length..]));
}
