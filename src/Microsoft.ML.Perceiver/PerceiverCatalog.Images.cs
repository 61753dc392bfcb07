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
    /// <exception cref="ArgumentException">A name is empty.</exception>
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
    /// <param name="imageColumnName">The column with the image: an MLImage, or its pixels as a vector.</param>
    /// <param name="scoreColumnName">The column for the probabilities.</param>
    /// <param name="predictedLabelColumnName">The column for the label.</param>
    /// <param name="topK">How many of the most probable labels are written to "TopLabels" and "TopScores"; null for none.</param>
    /// <exception cref="ArgumentException">A name is empty, or a number out of range.</exception>
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
    /// <exception cref="ArgumentException">A setting is out of range, or there is neither a checkpoint nor training.</exception>
    public static PerceiverImageClassificationEstimator PerceiverImageClassification(
        this TransformsCatalog catalog, PerceiverImageClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PerceiverImageClassificationEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }

    /// <summary>Learns to classify images.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="labelColumnName">The column with the class, a key.</param>
    /// <param name="imageColumnName">The column with the image: an MLImage, or its pixels as a vector.</param>
    /// <param name="checkpoint">The weights to start from; null for random ones of <see cref="PerceiverPresets.SmallImage"/>.</param>
    /// <param name="training">How to train; null for the defaults.</param>
    /// <param name="augmentation">How training images are varied; null leaves them as they are.</param>
    /// <param name="validationSet">Rows to choose the best epoch by; null sets a share of the training rows aside.</param>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    public static PerceiverImageClassificationEstimator PerceiverImage(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers,
        string labelColumnName = "Label",
        string imageColumnName = "Image",
        PerceiverCheckpoint? checkpoint = null,
        PerceiverTrainingOptions? training = null,
        PerceiverImageAugmentation? augmentation = null,
        IDataView? validationSet = null) =>
        trainers.PerceiverImage(new PerceiverImageClassificationOptions
        {
            LabelColumnName = labelColumnName,
            ImageColumnName = imageColumnName,
            Checkpoint = checkpoint,
            Training = training ?? new PerceiverTrainingOptions(),
            Augmentation = augmentation,
            ValidationSet = validationSet,
        });

    /// <summary>Learns to classify images.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="options">The settings; training with the defaults where they name none.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static PerceiverImageClassificationEstimator PerceiverImage(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers, PerceiverImageClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new PerceiverImageClassificationEstimator(MlNetInternals.EnvironmentOf(trainers), options, PerceiverProblemType.SingleLabel);
    }
}
