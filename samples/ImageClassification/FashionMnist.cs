using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using SkiaSharp;

namespace ImageClassification;

/// <summary>
/// Fashion-MNIST (H. Xiao, K. Rasul, R. Vollgraf 2017): grey images of 28 x 28 pixels, here as vectors of pixels, from its IDX files.
/// </summary>
internal sealed class FashionMnist : DataSet
{
    private const int ValidationRows = 5000, Side = 28, ModelSide = 40;
    private const string Package = "dataset-fashion-mnist";

    private static readonly string[] Names =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    private readonly PixelRow[] _test;

    /// <summary>Reads the files.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="folder">The folder with the four files, packed with gzip or not.</param>
    /// <exception cref="IOException">A file is missing.</exception>
    /// <exception cref="FormatException">A file is damaged.</exception>
    public FashionMnist(MLContext mlContext, string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(
                $"There is no folder '{folder}'. Fashion-MNIST comes with the Debian package {Package} (apt-get install {Package}); "
                + "--folder names another place with its IDX files.");
        }
        PixelRow[] train = Read(folder, "train");
        if (train.Length <= ValidationRows)
        {
            throw new FormatException(
                $"The training files in '{folder}' have {train.Length} images; {ValidationRows} are set aside for validation.");
        }
        // The files are shuffled already.
        Train = mlContext.Data.LoadFromEnumerable(train[..^ValidationRows]);
        Validation = mlContext.Data.LoadFromEnumerable(train[^ValidationRows..]);
        Test = mlContext.Data.LoadFromEnumerable(_test = Read(folder, "t10k"));
    }

    public static string DefaultFolder => "/usr/share/datasets/fashion-mnist";

    public override IDataView Train { get; }

    public override IDataView Validation { get; }

    public override IDataView Test { get; }

    // The convolution quarters height and width: 9 x 9 positions are left, at the images' own size no more than 6 x 6. Twice the size,
    // with wider layers, learns little more by the epoch and takes two and a half times as long.
    public override Recipe Recipe { get; } = new(
        PerceiverPresets.SmallImage with
        {
            NumLatents = 36,
            QueryKeyChannels = 64,
            ValueChannels = 128,
            NumCrossAttentionHeads = 4,
            SelfAttentionWideningFactor = 2,
            ImageSize = ModelSide,
            AttentionDropout = 0,
        },
        new PerceiverImageProcessorOptions
        {
            CropSize = new(ModelSide),
            Size = new(ModelSide),
            Resample = PerceiverResampling.Bilinear,
            ImageMean = [0.286],
            ImageStd = [0.353],
        },
        new PerceiverTrainingOptions
        {
            Epochs = 6,
            BatchSize = 128,
            Optimizer = PerceiverOptimizer.Muon,
            LearningRate = 4e-3,
            Beta1 = 0.95,
            Beta2 = 0.99,
            WeightDecay = 0.05,
            LabelSmoothing = 0.05,
            WarmupFraction = 0.1,
            Schedule = PerceiverLearningRateSchedule.Cosine,
            WeightAverageDecay = 0.998,
            Precision = PerceiverPrecisions.Fastest(),
        },
        new PerceiverImageAugmentation { HorizontalFlip = true, MaxShift = 0.04 },
        PerceiverInitialization.LocalImage);

    // They are pixels already; only the name is another.
    public override IEstimator<ITransformer> LoadImages(MLContext mlContext) => mlContext.Transforms.CopyColumns("Image", "Pixels");

    public override IEstimator<ITransformer> ExtractPixels(MLContext mlContext) =>
        mlContext.Transforms.Conversion.ConvertType("Features", "Image").Append(mlContext.Transforms.NormalizeMinMax("Features"));

    public override IDataView SomeTests(MLContext mlContext, int count) => mlContext.Data.LoadFromEnumerable(Spread(_test, count));

    public override SKBitmap TestImage(int row)
    {
        var image = new SKBitmap(Side, Side, SKColorType.Gray8, SKAlphaType.Opaque);
        for (int y = 0; y < Side; y++)
            Marshal.Copy(_test[row].Pixels, y * Side, image.GetPixels() + y * image.RowBytes, Side);
        return image;
    }

    private static PixelRow[] Read(string folder, string split)
    {
        var images = IdxFile.Read(folder, $"{split}-images-idx3-ubyte", dimensions: 3);
        var labels = IdxFile.Read(folder, $"{split}-labels-idx1-ubyte", dimensions: 1);
        if (images.Sizes is not [_, Side, Side])
        {
            throw new FormatException(
                $"The images of '{split}' in '{folder}' have {images.Sizes[1]} x {images.Sizes[2]} pixels, not {Side} x {Side}.");
        }
        if (images.Sizes[0] != labels.Sizes[0])
            throw new FormatException($"There are {images.Sizes[0]} images of '{split}' in '{folder}', but {labels.Sizes[0]} labels.");
        int wrong = Array.FindIndex(labels.Values, l => l >= Names.Length);
        if (wrong >= 0)
        {
            throw new FormatException(
                $"The label {wrong} of '{split}' in '{folder}' is {labels.Values[wrong]}; there are {Names.Length} classes.");
        }

        byte[] PixelsOf(int row) => images.Values.AsSpan(row * Side * Side, Side * Side).ToArray();
        return [.. labels.Values.Select((label, row) => new PixelRow { Label = Names[label], Pixels = PixelsOf(row) })];
    }

    private sealed class PixelRow
    {
        public string Label { get; set; } = "";

        [VectorType(Side * Side)]
        public byte[] Pixels { get; set; } = [];
    }
}
