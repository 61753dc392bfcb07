using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Transforms.Image;
using SkiaSharp;

namespace ImageClassification;

/// <summary>Photographs in folders, SPLIT/CLASS/NAME: the bundled ones of clothes, or others laid out like them.</summary>
internal sealed class Clothing : DataSet
{
    private const int Side = 64;
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp"];
    private readonly MyModel.ModelInput[] _test;

    /// <summary>Lists the files.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="folder">The folder with the splits.</param>
    /// <exception cref="IOException">There is no such folder, or a split has no pictures.</exception>
    public Clothing(MLContext mlContext, string folder)
    {
        Train = mlContext.Data.LoadFromEnumerable(Read(folder, "train"));
        Validation = mlContext.Data.LoadFromEnumerable(Read(folder, "validation"));
        Test = mlContext.Data.LoadFromEnumerable(_test = Read(folder, "test"));
    }

    public static string DefaultFolder => Path.Combine(AppContext.BaseDirectory, "Data", "clothing-64");

    public override IDataView Train { get; }

    public override IDataView Validation { get; }

    public override IDataView Test { get; }

    // Few pictures and a model that knows nothing of pictures yet: it is the variations that keep it from learning them by heart.
    public override Recipe Recipe { get; } = new(
        PerceiverPresets.SmallImage with { QueryKeyChannels = 128, ValueChannels = 128, NumCrossAttentionHeads = 4, AttentionDropout = 0.1 },
        new PerceiverImageProcessorOptions { CropSize = new(Side), Size = new(Side), Resample = PerceiverResampling.Lanczos },
        new PerceiverTrainingOptions
        {
            Epochs = 120,
            BatchSize = 32,
            LearningRate = 2e-3,
            WeightDecay = 0.05,
            LabelSmoothing = 0.1,
            WarmupFraction = 0.1,
            Schedule = LearningRateSchedule.Cosine,
            WeightAverageDecay = 0.998,
            Precision = PerceiverPrecisions.Fastest(),
        },
        new PerceiverImageAugmentation
        {
            HorizontalFlip = true,
            MaxShift = 0.08,
            MinCropArea = 0.5,
            Brightness = 0.1,
            Contrast = 0.2,
            CutMix = 1,
            MixProbability = 0.5,
        },
        PerceiverInitialization.TruncatedNormal);

    public override IEstimator<ITransformer> LoadImages(MLContext mlContext) => mlContext.Transforms.LoadImages("Image", imageFolder: null, "ImageSource");

    public override IEstimator<ITransformer> ExtractPixels(MLContext mlContext) =>
        mlContext.Transforms.ResizeImages("Image", Side, Side, resizing: ImageResizingEstimator.ResizingKind.IsoCrop)
            .Append(mlContext.Transforms.ExtractPixels("Features", "Image", scaleImage: 1 / 255f));

    public override IDataView SomeTests(MLContext mlContext, int count) => mlContext.Data.LoadFromEnumerable(Spread(_test, count));

    public override SKBitmap TestPicture(int row) =>
        SKBitmap.Decode(_test[row].ImageSource) ?? throw new IOException($"The picture '{_test[row].ImageSource}' cannot be read.");

    private static MyModel.ModelInput[] Read(string folder, string split)
    {
        string path = Path.GetFullPath(Path.Combine(folder, split));
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"There is no folder '{path}'; pictures are expected in SPLIT/CLASS/NAME, with the splits train, validation and test.");
        // In the files' order, so that the same seed gives the same training on every machine.
        MyModel.ModelInput[] rows = Directory.GetDirectories(path).Order(StringComparer.Ordinal)
            .SelectMany(c => Directory.GetFiles(c).Where(f => Extensions.Contains(Path.GetExtension(f).ToLowerInvariant())).Order(StringComparer.Ordinal)
                .Select(f => new MyModel.ModelInput { Label = Path.GetFileName(c), ImageSource = f }))
            .ToArray();
        return rows.Length > 0 ? rows : throw new FileNotFoundException($"There are no pictures in the folders of '{path}'.");
    }
}
