using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Walkthrough;

/// <summary>The walk-through as a notebook of .NET Interactive (nbformat 4.5).</summary>
internal static class NotebookFile
{
    private static readonly JsonSerializerOptions Form = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The cells that it has: whether they are code, and what they say.</summary>
    public static IReadOnlyList<(bool IsCode, string Source)> Cells { get; } =
    [
        (false, $"# {Tour.Title}\n\n{Tour.Introduction}\n\n{Prologue.Text}"),
        (true, Prologue.Code),
        (true, Prologue.Functions),
        .. Tour.Cells.SelectMany(c => new[] { (false, $"## {c.Title}\n\n{c.Text}"), (true, c.Code) }),
    ];

    /// <summary>Writes the notebook.</summary>
    /// <param name="path">The file.</param>
    /// <param name="outputs">What each cell gave, in their order.</param>
    public static void Write(string path, IReadOnlyList<CellOutput> outputs)
    {
        var cells = new JsonArray();
        // The first two cells of code are none of the program's.
        var given = new Queue<CellOutput?>([null, null, .. outputs]);
        foreach (var (isCode, source) in Cells)
            cells.Add((JsonNode)(isCode ? Code(source, given.Dequeue()) : Markdown(source)));
        for (int i = 0; i < cells.Count; i++)
            cells[i]!["id"] = $"cell-{i}";
        var notebook = new JsonObject
        {
            ["cells"] = cells,
            ["metadata"] = new JsonObject
            {
                ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" },
                ["language_info"] = new JsonObject { ["name"] = "polyglot-notebook" },
            },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };
        File.WriteAllText(path, notebook.ToJsonString(Form) + "\n");
    }

    /// <summary>The cells of a notebook's file, as <see cref="Cells"/> has them.</summary>
    /// <param name="path">The file.</param>
    public static IReadOnlyList<(bool IsCode, string Source)> Read(string path)
    {
        var cells = JsonNode.Parse(File.ReadAllText(path))!["cells"]!.AsArray();
        static bool IsCode(JsonNode cell) => (string?)cell["cell_type"] == "code";
        static string SourceOf(JsonNode cell) => string.Concat(cell["source"]!.AsArray().Select(l => (string?)l));
        return [.. cells.Select(c => (IsCode(c!), SourceOf(c!)))];
    }

    private static JsonObject Markdown(string text) => new()
    {
        ["cell_type"] = "markdown",
        ["metadata"] = new JsonObject(),
        ["source"] = Lines(text),
    };

    private static JsonObject Code(string code, CellOutput? output)
    {
        var outputs = new JsonArray();
        if (output is { Text.Length: > 0 })
            outputs.Add((JsonNode)new JsonObject { ["name"] = "stdout", ["output_type"] = "stream", ["text"] = Lines(output.Text) });
        foreach (var image in output?.Pictures ?? [])
        {
            outputs.Add((JsonNode)new JsonObject
            {
                ["data"] = new JsonObject { ["image/png"] = Convert.ToBase64String(image.Png), ["text/plain"] = image.Name },
                ["metadata"] = new JsonObject(),
                ["output_type"] = "display_data",
            });
        }

        return new JsonObject
        {
            ["cell_type"] = "code",
            ["execution_count"] = null,
            ["metadata"] = new JsonObject { ["polyglot_notebook"] = new JsonObject { ["kernelName"] = "csharp" } },
            ["outputs"] = outputs,
            ["source"] = Lines(code),
        };
    }

    // As notebooks have it: an array of lines, each but the last with its end.
    private static JsonArray Lines(string text)
    {
        string[] lines = text.Split('\n');
        return new JsonArray([.. lines.Select((line, i) => (JsonNode)(i < lines.Length - 1 ? line + "\n" : line))]);
    }
}
