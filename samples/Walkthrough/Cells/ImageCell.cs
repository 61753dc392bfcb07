using static Walkthrough.Page;

namespace Walkthrough.Cells;

internal static class ImageCell
{
    public static void Run(MLContext ml)
    {
        #region Image classification
        // `LoadPerceiverImages` makes images of files, turned as the camera was held. `perceiver-mini-clothing` tells ten kinds
        // of clothes apart; these are twelve of the 372 test photographs, each 31st. What a photograph is stands before the model's best
        // three labels; below each photograph stands what it is, and the model's best label.
        string folder = Sample("ImageClassification/Data/clothing-64/test");
        var all = Directory.GetFiles(folder, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        string[] files = [.. all.Where((_, i) => i % 31 == 15)];
        var images = ml.Data.LoadFromEnumerable(files.Select(f => new
        {
            Kind = Path.GetFileName(Path.GetDirectoryName(f)),
            ImageSource = f,
        }));
        var clothes = ml.Transforms.LoadPerceiverImages("Image", imageFolder: null, "ImageSource")
            .Append(ml.Transforms.PerceiverImageClassification(PerceiverCheckpoint.Bundled(BundledModels.MiniClothing), topK: 3))
            .Fit(images);
        var named = clothes.Transform(images);
        var kinds = named.GetColumn<string>("Kind");
        var predictions = kinds.Zip(named.GetColumn<string[]>("TopLabels"), named.GetColumn<float[]>("TopScores")).ToArray();
        foreach (var (kind, labels, scores) in predictions)
            Console.WriteLine($"{kind,-10} {string.Join("  ", labels.Zip(scores, (label, p) => $"{label} {p:P0}"))}");
        var captions = predictions.Select(p => $"{p.First}:\n{p.Second[0]} {p.Third[0]:P0}");
        Show("clothes", Pictures.Grid(6, [.. captions.Zip(files.Select(Pictures.Read))]));
        #endregion
    }
}
