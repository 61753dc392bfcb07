using Microsoft.ML.Perceiver;

namespace Microsoft.ML;

// Images.
public static partial class PerceiverCatalog
{
    /// <summary>
    /// Reads image files, as <c>LoadImages</c> does, but turned as their EXIF orientation says and with errors that name the file; see
    /// <see cref="PerceiverImageLoadingEstimator"/>.
    /// </summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column for the images.</param>
    /// <param name="imageFolder">The folder that paths start from; null for the process's own.</param>
    /// <param name="inputColumnName">The column with the paths; null where the images take its place.</param>
    /// <returns>An estimator that adds the column of images.</returns>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext();
    /// var files = mlContext.Data.LoadFromEnumerable([new { Path = "trousers.jpg" }]);
    /// var images = mlContext.Transforms.LoadPerceiverImages("Image", imageFolder: "photographs", inputColumnName: "Path")
    ///     .Fit(files).Transform(files);
    /// foreach (var image in images.GetColumn<MLImage>("Image"))
    ///     Console.WriteLine($"{image.Width} x {image.Height}");
    /// ]]></code>
    /// </example>
    public static PerceiverImageLoadingEstimator LoadPerceiverImages(
        this TransformsCatalog catalog, string outputColumnName, string? imageFolder = null, string? inputColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var settings = new ImageLoadingSettings(outputColumnName, inputColumnName ?? outputColumnName, imageFolder);
        return new PerceiverImageLoadingEstimator(MlNetInternals.EnvironmentOf(catalog), settings);
    }

    /// <summary>Classifies images, or gives them numbers, with a trained Perceiver.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="checkpoint">The weights, with the labels in their configuration.</param>
    /// <param name="imageColumnName">The column with the image: an MLImage, its pixels as a vector, or the bytes of its file.</param>
    /// <param name="scoreColumnName">The column for the probabilities.</param>
    /// <param name="predictedLabelColumnName">The column for the label.</param>
    /// <param name="topK">How many of the most probable labels are written to "TopLabels" and "TopScores"; null for none.</param>
    /// <returns>An estimator that adds the probabilities and the most probable label.</returns>
    /// <exception cref="ArgumentException">A name is empty, or a number out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext();
    /// var files = mlContext.Data.LoadFromEnumerable([new { Path = "trousers.jpg" }]);
    /// var checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniClothing);
    /// var model = mlContext.Transforms.LoadPerceiverImages("Image", inputColumnName: "Path")
    ///     .Append(mlContext.Transforms.PerceiverImageClassification(checkpoint, topK: 3))
    ///     .Fit(files);
    /// string[] labels = model.Transform(files).GetColumn<string[]>("TopLabels").Single();
    /// ]]></code>
    /// </example>
    public static PerceiverImageClassificationEstimator PerceiverImageClassification(
        this TransformsCatalog catalog,
        PerceiverCheckpoint checkpoint,
        string imageColumnName = "Image",
        string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel",
        int? topK = null) =>
        catalog.PerceiverImageClassification(new PerceiverImageClassificationOptions
        {
            Checkpoint = checkpoint,
            ImageColumnName = imageColumnName,
            ScoreColumnName = scoreColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
            TopK = topK,
        });

    /// <summary>Classifies images, or gives them numbers, with a Perceiver.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">The settings.</param>
    /// <returns>An estimator that adds the probabilities and the most probable label.</returns>
    /// <exception cref="ArgumentException">A setting is out of range, or there is neither a checkpoint nor training.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // 8-bit integers, and batches of 8 images.
    /// var mlContext = new MLContext();
    /// var files = mlContext.Data.LoadFromEnumerable([new { Path = "trousers.jpg" }]);
    /// var model = mlContext.Transforms.LoadPerceiverImages("Image", inputColumnName: "Path")
    ///     .Append(mlContext.Transforms.PerceiverImageClassification(new PerceiverImageClassificationOptions
    ///     {
    ///         Checkpoint = PerceiverCheckpoint.FromHub("deepmind/vision-perceiver-conv"),
    ///         Precision = PerceiverPrecision.Int8,
    ///         BatchSize = 8,
    ///     }))
    ///     .Fit(files);
    /// ]]></code>
    /// </example>
    public static PerceiverImageClassificationEstimator PerceiverImageClassification(
        this TransformsCatalog catalog, PerceiverImageClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PerceiverImageClassificationEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }

    /// <summary>Learns to classify images.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="labelColumnName">The column with the class, a key.</param>
    /// <param name="imageColumnName">The column with the image: an MLImage, its pixels as a vector, or the bytes of its file.</param>
    /// <param name="checkpoint">The weights to start from; null for random ones of <see cref="PerceiverPresets.SmallImage"/>.</param>
    /// <param name="training">How to train; null for the defaults.</param>
    /// <param name="augmentation">How training images are varied; null leaves them as they are.</param>
    /// <param name="validationSet">Rows to choose the best epoch by; null sets a share of the training rows aside.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds the probabilities and the most probable label.</returns>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var photographs = mlContext.Data.LoadFromEnumerable(
    ///     Directory.GetFiles("photographs", "*.jpg", SearchOption.AllDirectories)
    ///         .Select(path => new { Path = path, Label = System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(path)) }));
    /// var model = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(mlContext.Transforms.LoadPerceiverImages("Image", inputColumnName: "Path"))
    ///     .Append(mlContext.MulticlassClassification.Trainers.PerceiverImage(
    ///         augmentation: new PerceiverImageAugmentation { HorizontalFlip = true }))
    ///     .Fit(photographs);
    /// ]]></code>
    /// </example>
    public static PerceiverImageClassificationEstimator PerceiverImage(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers,
        string labelColumnName = "Label",
        string imageColumnName = "Image",
        PerceiverCheckpoint? checkpoint = null,
        PerceiverTrainingOptions? training = null,
        PerceiverImageAugmentation? augmentation = null,
        IDataView? validationSet = null) =>
        trainers.PerceiverImage(ImageOptions(labelColumnName, imageColumnName, checkpoint, training, augmentation, validationSet));

    /// <summary>Learns to classify images.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="options">The settings; training with the defaults where they name none.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds the probabilities and the most probable label.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Continues from the bundled model of clothes with classes of one's own.
    /// var mlContext = new MLContext(seed: 1);
    /// var photographs = mlContext.Data.LoadFromEnumerable(
    ///     [new { Path = "a.jpg", Label = "scarf" }, new { Path = "b.jpg", Label = "glove" }]);
    /// var model = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(mlContext.Transforms.LoadPerceiverImages("Image", inputColumnName: "Path"))
    ///     .Append(mlContext.MulticlassClassification.Trainers.PerceiverImage(new PerceiverImageClassificationOptions
    ///     {
    ///         Checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniClothing),
    ///         Training = new PerceiverTrainingOptions { Epochs = 5, LearningRate = 3e-4 },
    ///     }))
    ///     .Fit(photographs);
    /// ]]></code>
    /// </example>
    public static PerceiverImageClassificationEstimator PerceiverImage(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers, PerceiverImageClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new PerceiverImageClassificationEstimator(MlNetInternals.EnvironmentOf(trainers), options, LabelKind.Class);
    }

    /// <summary>Learns to give images a number.</summary>
    /// <param name="trainers">The trainers of regression.</param>
    /// <param name="labelColumnName">The column with the number, a Single.</param>
    /// <param name="imageColumnName">The column with the image: an MLImage, its pixels as a vector, or the bytes of its file.</param>
    /// <param name="checkpoint">The weights to start from; null for random ones of <see cref="PerceiverPresets.SmallImage"/>.</param>
    /// <param name="training">How to train; null for the defaults.</param>
    /// <param name="augmentation">How training images are varied; null leaves them as they are.</param>
    /// <param name="validationSet">Rows to choose the best epoch by; null sets a share of the training rows aside.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds the number, in the label's unit.</returns>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var leaves = mlContext.Data.LoadFromEnumerable(
    ///     [new { Path = "a.jpg", Label = 4.5f }, new { Path = "b.jpg", Label = 11f }]);
    /// var model = mlContext.Transforms.LoadPerceiverImages("Image", inputColumnName: "Path")
    ///     .Append(mlContext.Regression.Trainers.PerceiverImage())
    ///     .Fit(leaves);
    /// float[] sizes = model.Transform(leaves).GetColumn<float>("Score").ToArray();
    /// ]]></code>
    /// </example>
    public static PerceiverImageClassificationEstimator PerceiverImage(
        this RegressionCatalog.RegressionTrainers trainers,
        string labelColumnName = "Label",
        string imageColumnName = "Image",
        PerceiverCheckpoint? checkpoint = null,
        PerceiverTrainingOptions? training = null,
        PerceiverImageAugmentation? augmentation = null,
        IDataView? validationSet = null) =>
        trainers.PerceiverImage(ImageOptions(labelColumnName, imageColumnName, checkpoint, training, augmentation, validationSet));

    /// <summary>Learns to give images a number.</summary>
    /// <param name="trainers">The trainers of regression.</param>
    /// <param name="options">The settings; training with the defaults where they name none.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds the number, in the label's unit.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Labels of Int32 or Double are converted first.
    /// var mlContext = new MLContext(seed: 1);
    /// var plates = mlContext.Data.LoadFromEnumerable([new { Path = "a.jpg", Cells = 120 }, new { Path = "b.jpg", Cells = 80 }]);
    /// var model = mlContext.Transforms.Conversion.ConvertType("Cells", outputKind: DataKind.Single)
    ///     .Append(mlContext.Transforms.LoadPerceiverImages("Image", inputColumnName: "Path"))
    ///     .Append(mlContext.Regression.Trainers.PerceiverImage(new PerceiverImageClassificationOptions
    ///     {
    ///         LabelColumnName = "Cells",
    ///         Training = new PerceiverTrainingOptions { Epochs = 20, BatchSize = 16 },
    ///     }))
    ///     .Fit(plates);
    /// ]]></code>
    /// </example>
    public static PerceiverImageClassificationEstimator PerceiverImage(
        this RegressionCatalog.RegressionTrainers trainers, PerceiverImageClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new PerceiverImageClassificationEstimator(MlNetInternals.EnvironmentOf(trainers), options, LabelKind.Number);
    }

    private static PerceiverImageClassificationOptions ImageOptions(
        string labelColumnName,
        string imageColumnName,
        PerceiverCheckpoint? checkpoint,
        PerceiverTrainingOptions? training,
        PerceiverImageAugmentation? augmentation,
        IDataView? validationSet) => new()
        {
            LabelColumnName = labelColumnName,
            ImageColumnName = imageColumnName,
            Checkpoint = checkpoint,
            Training = training,
            Augmentation = augmentation,
            ValidationSet = validationSet,
        };
}
