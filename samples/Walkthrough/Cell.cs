namespace Walkthrough;

/// <summary>A cell of the walk-through: a region of this program, and what runs it.</summary>
/// <param name="Title">The region's name.</param>
/// <param name="Text">The comment at its beginning, in Markdown.</param>
/// <param name="Code">The rest of it.</param>
/// <param name="Run">Runs it.</param>
internal sealed record Cell(string Title, string Text, string Code, Action<MLContext> Run)
{
    private const string Begin = "#region ", End = "#endregion", Comment = "//";

    /// <summary>The only region of a source file of this program.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="run">Runs it.</param>
    public static Cell Of(string file, Action<MLContext> run)
    {
        string[] lines = Source.Lines(file);
        int first = Array.FindIndex(lines, l => l.TrimStart().StartsWith(Begin, StringComparison.Ordinal));
        int last = Array.FindIndex(lines, l => l.Trim() == End);
        int indent = lines[first].Length - lines[first].TrimStart().Length;
        string[] body = [.. lines[(first + 1)..last].Select(l => l.Length > indent ? l[indent..] : "")];
        string title = lines[first].Trim()[Begin.Length..];
        var comments = body.TakeWhile(l => l.StartsWith(Comment, StringComparison.Ordinal));
        string[] text = [.. comments.Select(l => l[Comment.Length..].Trim())];
        string code = string.Join('\n', body[text.Length..]).Trim('\n');
        return new Cell(title, string.Join('\n', text), code, run);
    }
}
