namespace Microsoft.ML.Perceiver.EndToEndTests.Packages;

/// <summary>
/// The first program of README.md: its install lines, which begin with "dotnet add package", its source, the first block of C# below them,
/// and what it writes, the first block of text below that.
/// </summary>
/// <param name="Packages">The arguments of each install line, after "dotnet add package".</param>
/// <param name="Source">The program.</param>
/// <param name="Output">What it writes.</param>
internal sealed record ReadmeProgram(IReadOnlyList<string[]> Packages, string Source, string Output)
{
    private const string Install = "dotnet add package ", Fence = "```";

    /// <summary>Reads it.</summary>
    /// <param name="readme">The lines of README.md.</param>
    internal static ReadmeProgram Parse(IReadOnlyList<string> readme)
    {
        int install = Find(readme, 0, line => line.StartsWith(Install, StringComparison.Ordinal));
        var packages = readme.Skip(install).TakeWhile(line => line != Fence)
            .Where(line => line.StartsWith(Install, StringComparison.Ordinal))
            .Select(line => line[Install.Length..].Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        int source = Find(readme, install, line => line == Fence + "csharp");
        int output = Find(readme, source, line => line == Fence + "text");
        return new ReadmeProgram([.. packages], Block(readme, source), Block(readme, output));
    }

    private static int Find(IReadOnlyList<string> lines, int start, Func<string, bool> isWanted)
    {
        int at = start;
        while (at < lines.Count && !isWanted(lines[at]))
            at++;
        return at < lines.Count ? at : throw new FormatException("README.md has no install lines, or no program and output below them.");
    }

    private static string Block(IReadOnlyList<string> lines, int fence) =>
        string.Join('\n', lines.Skip(fence + 1).TakeWhile(line => line != Fence));
}
