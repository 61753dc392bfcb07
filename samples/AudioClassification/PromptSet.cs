namespace AudioClassification;

/// <summary>Recordings to learn from, to choose the best epoch by, and to test with.</summary>
/// <param name="Train">The training recordings.</param>
/// <param name="Validation">Those that the best epoch is chosen by.</param>
/// <param name="Test">The held-out recordings.</param>
internal sealed record PromptSet(IReadOnlyList<Prompt> Train, IReadOnlyList<Prompt> Validation, IReadOnlyList<Prompt> Test)
{
    private const int HeldOutEvery = 5, ValidationEvery = 10;

    // The header, and a sixteenth of a second.
    private const int ShortestFile = 44 + 1000;

    // Sounds without words.
    private static readonly string[] s_wordless = ["silence", "beep", "ascending-2tone", "descending-2tone"];

    /// <summary>
    /// Reads the folder, which has one for each label, and holds out every fifth name, in all languages: no translation of a prompt that
    /// tests is trained with. Every tenth of the other names validates.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="FormatException">It has not two labels with ten names each.</exception>
    internal static PromptSet Read(string folder)
    {
        var prompts = Directory.GetDirectories(folder).Order(StringComparer.Ordinal).SelectMany(PromptsOf).ToArray();
        string[] names = [.. prompts.Select(prompt => prompt.Name).Distinct().Order(StringComparer.Ordinal)];
        if (prompts.Select(prompt => prompt.Label).Distinct().Count() < 2 || names.Length < 2 * ValidationEvery)
            throw new FormatException($"'{folder}' needs a folder for each of two labels at least, with {2 * ValidationEvery} WAV files.");
        var tests = names.Where((_, i) => i % HeldOutEvery == HeldOutEvery - 1).ToHashSet(StringComparer.Ordinal);
        string[] others = [.. names.Where(name => !tests.Contains(name))];
        var validates = others.Where((_, i) => i % ValidationEvery == 0).ToHashSet(StringComparer.Ordinal);
        return new PromptSet(
            [.. prompts.Where(prompt => !tests.Contains(prompt.Name) && !validates.Contains(prompt.Name))],
            [.. prompts.Where(prompt => validates.Contains(prompt.Name))],
            [.. prompts.Where(prompt => tests.Contains(prompt.Name))]);
    }

    private static IEnumerable<Prompt> PromptsOf(string folder) =>
        from path in Directory.GetFiles(folder, "*.wav", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        let name = Path.GetRelativePath(folder, path).Replace('\\', '/')
        where !s_wordless.Any(wordless => name.StartsWith(wordless, StringComparison.Ordinal)) && new FileInfo(path).Length >= ShortestFile
        select new Prompt(Path.GetFileName(folder), name, path);
}
