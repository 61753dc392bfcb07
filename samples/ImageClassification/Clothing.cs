using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;
using Microsoft.ML.Transforms.Image;
using SkiaSharp;

namespace ImageClassification;

/// <summary>Photographs in folders, SPLIT/CLASS/NAME: the bundled ones of clothes, or others laid out like them.</summary>
internal sealed class Clothing : DataSet
{
    private const int Side = 64, QuickSide = 32;
    private readonly MyModel.ModelInput[] _test;
    private readonly bool _full;

    /// <summary>Lists the files.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="folder">The folder with the splits.</param>
    /// <param name="full">
    /// Whether the model is trained from nothing, and compared with trainers that see all pixels; else the bundled one goes on for some
    /// minutes.
    /// </param>
    /// <exception cref="IOException">There is no such folder, or a split has no images.</exception>
    public Clothing(MLContext mlContext, string folder, bool full)
    {
        _full = full;
        Recipe = full ? FullRecipe : QuickRecipe;
        string root = Path.GetFullPath(folder);
        Train = MyModel.LoadImageFromFolder(mlContext, Path.Combine(root, "train"));
        Validation = MyModel.LoadImageFromFolder(mlContext, Path.Combine(root, "validation"));
        Test = mlContext.Data.LoadFromEnumerable(_test = MyModel.ReadFolder(Path.Combine(root, "test")));
    }

    public static string DefaultFolder => Path.Combine(AppContext.BaseDirectory, "Data", "clothing-64");

    public override IDataView Train { get; }

    public override IDataView Validation { get; }

    public override IDataView Test { get; }

    public override Recipe Recipe { get; }

    // A quarter of the pixels is a quarter of the trainers' time.
    public override string PixelsOfBaselines => _full ? "the pixels" : $"the pixels of images of {QuickSide} x {QuickSide}";

    // Few images and random weights: it is the augmentation that prevents overfitting.
    private static Recipe FullRecipe { get; } = new(
        PerceiverPresets.SmallImage with
        {
            QueryKeyChannels = 128,
            ValueChannels = 128,
            NumCrossAttentionHeads = 4,
            AttentionDropout = 0.1,
        },
        new PerceiverImageProcessorOptions { CropSize = new(Side), Size = new(Side), Resample = PerceiverResampling.Lanczos },
        new PerceiverTrainingOptions
        {
            Epochs = 70,
            BatchSize = 64,
            Optimizer = PerceiverOptimizer.Muon,
            LearningRate = 4e-3,
            Beta1 = 0.95,
            Beta2 = 0.99,
            WeightDecay = 0.05,
            LabelSmoothing = 0.1,
            WarmupFraction = 0.1,
            Schedule = PerceiverLearningRateSchedule.Cosine,
            WeightAverageDecay = 0.995,
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
        PerceiverInitialization.LocalImage);

    // Continues from the weights of the full training, for a few epochs.
    private static Recipe QuickRecipe { get; } = FullRecipe with
    {
        From = BundledModels.MiniClothing,
        Training = FullRecipe.Training with { Epochs = 4, LearningRate = 2e-4, WeightAverageDecay = 0.99 },
    };

    public override IEstimator<ITransformer> LoadImages(MLContext mlContext) =>
        mlContext.Transforms.LoadPerceiverImages("Image", imageFolder: null, "ImageSource");

    public override IEstimator<ITransformer> ExtractPixels(MLContext mlContext) =>
        mlContext.Transforms.ResizeImages("Image", BaselineSide, BaselineSide, resizing: ImageResizingEstimator.ResizingKind.IsoCrop)
            .Append(mlContext.Transforms.ExtractPixels("Features", "Image", scaleImage: 1 / 255f));

    public override IDataView SomeTests(MLContext mlContext, int count) => mlContext.Data.LoadFromEnumerable(Spread(_test, count));

    public override SKBitmap TestImage(int row) =>
        SKBitmap.Decode(_test[row].ImageSource) ?? throw new IOException($"The image '{_test[row].ImageSource}' cannot be read.");

    private int BaselineSide => _full ? Side : QuickSide;
}
