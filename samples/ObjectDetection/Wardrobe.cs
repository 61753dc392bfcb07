using Microsoft.ML;
using SkiaSharp;

namespace ObjectDetection;

/// <summary>
/// Scenes of clothes to learn from, to choose the best epoch by, and to judge the model by. Each has cut-outs of other photographs: those
/// of the splits train, validation and test of samples/ImageClassification.
/// </summary>
internal sealed class Wardrobe
{
    /// <summary>Height and width of a scene in pixels.</summary>
    public const int Side = 64;

    private const int ValidationScenes = 300, TestScenes = 500;

    // Of these most photographs have a ground that can be told from the garment.
    private static readonly string[] Labels = ["dress", "hat", "shoes", "shorts", "t-shirt"];

    private Wardrobe(Scene[] train, Scene[] validation, Scene[] test, int cutOuts, int unseenCutOuts)
    {
        Train = train;
        Validation = validation;
        Test = test;
        CutOuts = cutOuts;
        UnseenCutOuts = unseenCutOuts;
    }

    public static string DefaultFolder => Path.Combine(AppContext.BaseDirectory, "Data", "clothing-64");

    public Scene[] Train { get; }

    public Scene[] Validation { get; }

    public Scene[] Test { get; }

    /// <summary>The garments in the scenes to learn from.</summary>
    public int CutOuts { get; }

    /// <summary>The garments in the scenes of the test.</summary>
    public int UnseenCutOuts { get; }

    /// <summary>Makes the scenes; the same number of them is the same scenes.</summary>
    /// <param name="folder">The folder with the splits.</param>
    /// <param name="trainScenes">How many scenes there are to learn from.</param>
    /// <exception cref="IOException">A folder is missing, or an image cannot be read.</exception>
    /// <exception cref="FormatException">No garment of a label could be cut out.</exception>
    public static Wardrobe Create(string folder, int trainScenes)
    {
        CutOut[] train = Read(folder, "train"), validation = Read(folder, "validation"), test = Read(folder, "test");
        return new Wardrobe(
            new Scenes(train, Side).Create(trainScenes, seed: 1),
            new Scenes(validation, Side).Create(ValidationScenes, seed: 2),
            new Scenes(test, Side).Create(TestScenes, seed: 3),
            train.Length,
            test.Length);
    }

    /// <summary>Scenes as rows; their images are made while the rows are read.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="scenes">The scenes.</param>
    public static IDataView Rows(MLContext mlContext, IEnumerable<Scene> scenes) =>
        mlContext.Data.LoadFromEnumerable(scenes.Select(scene => new MyModel.ModelInput
        {
            Image = scene.ToImage(),
            Label = scene.Labels,
            BoundingBoxes = scene.Boxes,
        }));

    private static CutOut[] Read(string folder, string split)
    {
        var cutOuts = new List<CutOut>();
        foreach (string label in Labels)
        {
            string path = Path.Combine(folder, split, label);
            if (!Directory.Exists(path))
                throw new DirectoryNotFoundException($"There is no folder '{path}'; photographs are expected in SPLIT/LABEL/NAME.jpg.");
            CutOut?[] found = [.. Directory.GetFiles(path, "*.jpg").Order(StringComparer.Ordinal).AsParallel().AsOrdered()
                .Select(file => CutOf(label, file))];
            if (found.All(cutOut => cutOut is null))
                throw new FormatException($"Nothing could be cut out of the photographs in '{path}'.");
            cutOuts.AddRange(found.OfType<CutOut>());
        }

        return [.. cutOuts];
    }

    private static CutOut? CutOf(string label, string file)
    {
        using var photograph = SKBitmap.Decode(file) ?? throw new IOException($"The image '{file}' cannot be read.");
        return CutOut.Of(label, photograph);
    }
}
