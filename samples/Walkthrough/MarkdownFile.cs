using System.Globalization;
using System.Text;

namespace Walkthrough;

/// <summary>The walk-through as a page with its images beside it.</summary>
internal static class MarkdownFile
{
    /// <summary>Writes the page, and its images into a folder of the same name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="outputs">What each cell gave, in their order.</param>
    public static void Write(string path, IReadOnlyList<CellOutput> outputs)
    {
        string folder = Path.GetFileNameWithoutExtension(path);
        string images = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, folder);
        Directory.CreateDirectory(images);
        var page = new StringBuilder($"# {Tour.Title}\n\n{Tour.Introduction}\n\n{Note}\n");
        foreach (var (cell, output) in Tour.Cells.Zip(outputs))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n{Of(cell)}");
            if (output.Text.Length > 0)
                page.Append(CultureInfo.InvariantCulture, $"\n{Block("text", output.Text)}");
            foreach (var image in output.Pictures)
            {
                File.WriteAllBytes(Path.Combine(images, image.Name + ".png"), image.Png);
                page.Append(CultureInfo.InvariantCulture, $"\n![{image.Name}]({folder}/{image.Name}.png)\n");
            }
        }

        File.WriteAllText(path, page.ToString());
    }

    /// <summary>A cell as the page has it, without its output.</summary>
    public static string Of(Cell cell) => $"## {cell.Title}\n\n{cell.Text}\n\n{Block("csharp", cell.Code)}";

    private static string Block(string language, string text) => $"```{language}\n{text}\n```\n";

    private const string Note =
        "`dotnet run -c Release --project samples/Walkthrough` runs it. This page and the notebook "
        + "[walkthrough.ipynb](walkthrough.ipynb) are written by that program (`-- --docs docs`): the code is its code, and the output "
        + "is what it wrote. `Sample` names a file of the samples' data, `Show` shows an image, and `ml` is an `MLContext`.";
}
