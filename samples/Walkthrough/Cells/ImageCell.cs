using static Walkthrough.Page;

namespace Walkthrough.Cells;

internal static class ImageCell
{
    public static void Run(MLContext ml)
    {
        #region Image classification
        // `LoadImages` makes pictures of files, and the Perceiver reads them as ML.NET has them. `perceiver-mini-clothing` tells ten kinds of clothes
        // apart; these are twelve of the 372 test photographs, each 31st. What a photograph is stands before the model's best three answers.
        string[] files = [.. Directory.GetFiles(Sample("ImageClassification/Data/clothing-64/test"), "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Where((_, i) => i % 31 == 15)];
        var pictures = ml.Data.LoadFromEnumerable(files.Select(f => new { Kind = Path.GetFileName(Path.GetDirectoryName(f)), ImageSource = f }));
        var clothes = ml.Transforms.LoadImages("Image", imageFolder: null, "ImageSource")
            .Append(ml.Transforms.PerceiverImageClassification(PerceiverCheckpoint.Bundled(BundledModels.MiniClothing), topK: 3))
            .Fit(pictures);
        var named = clothes.Transform(pictures);
        foreach (var (kind, labels, scores) in named.GetColumn<string>("Kind").Zip(named.GetColumn<string[]>("TopLabels"), named.GetColumn<float[]>("TopScores")))
            Console.WriteLine($"{kind,-10} {string.Join("  ", labels.Zip(scores, (label, p) => $"{label} {p:P0}"))}");
        Show("clothes", Pictures.Grid(6, [.. files.Select(Pictures.Read)]));
        #endregion
    }
}
