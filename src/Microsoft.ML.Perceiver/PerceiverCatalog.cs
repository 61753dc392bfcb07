using Microsoft.ML.Perceiver;

namespace Microsoft.ML;

/// <summary>The Perceiver's estimators, as extensions of ML.NET's catalogs.</summary>
public static partial class PerceiverCatalog
{
    /// <summary>Fills the masked bytes of texts.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="checkpoint">The weights of a masked language model.</param>
    /// <param name="outputColumnName">The column for the text with the best filling.</param>
    /// <param name="textColumnName">The column with the text; each <c>[MASK]</c> in it stands for one byte.</param>
    /// <param name="topK">How many ranked fillings are wanted.</param>
    /// <param name="decoding">How several masks of one text are filled together.</param>
    /// <exception cref="ArgumentException">A name is empty, or a number out of range.</exception>
    public static PerceiverFillMaskEstimator PerceiverFillMask(
        this TransformsCatalog catalog,
        PerceiverCheckpoint checkpoint,
        string outputColumnName = "FilledText",
        string textColumnName = "Text",
        int topK = 5,
        PerceiverFillMaskDecoding decoding = PerceiverFillMaskDecoding.OneShot) =>
        catalog.PerceiverFillMask(new PerceiverFillMaskOptions
        {
            Checkpoint = checkpoint,
            OutputColumnName = outputColumnName,
            TextColumnName = textColumnName,
            TopK = topK,
            Decoding = decoding,
        });

    /// <summary>Fills the masked bytes of texts, and trains a masked language model.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or there is neither a checkpoint nor training.</exception>
    public static PerceiverFillMaskEstimator PerceiverFillMask(this TransformsCatalog catalog, PerceiverFillMaskOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PerceiverFillMaskEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }

    /// <summary>Turns texts, or images, into numbers that any ML.NET trainer can learn from.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="checkpoint">The weights of any text head, or of any image classifier.</param>
    /// <param name="outputColumnName">The column for the features.</param>
    /// <param name="textColumnName">The column with the text.</param>
    /// <param name="kind">What is taken of a text or an image.</param>
    /// <param name="imageColumnName">The column with the image, an MLImage or its pixels as a vector; null for features of texts.</param>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public static PerceiverFeaturesEstimator PerceiverFeatures(
        this TransformsCatalog catalog,
        PerceiverCheckpoint checkpoint,
        string outputColumnName = "Features",
        string textColumnName = "Text",
        PerceiverFeaturesKind kind = PerceiverFeaturesKind.MeanLatent,
        string? imageColumnName = null) =>
        catalog.PerceiverFeatures(new PerceiverFeaturesOptions
        {
            Checkpoint = checkpoint,
            OutputColumnName = outputColumnName,
            TextColumnName = textColumnName,
            Kind = kind,
            ImageColumnName = imageColumnName,
        });

    /// <summary>Turns texts, or images, into numbers that any ML.NET trainer can learn from.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or there is no checkpoint.</exception>
    public static PerceiverFeaturesEstimator PerceiverFeatures(this TransformsCatalog catalog, PerceiverFeaturesOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PerceiverFeaturesEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }

    /// <summary>Classifies texts, or gives them numbers, with a trained Perceiver.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="checkpoint">The weights, with the labels in their configuration.</param>
    /// <param name="textColumnName">The column with the text.</param>
    /// <param name="secondTextColumnName">The column with a second text; null for none.</param>
    /// <param name="scoreColumnName">The column for the probabilities.</param>
    /// <param name="predictedLabelColumnName">The column for the label.</param>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public static PerceiverTextClassificationEstimator PerceiverTextClassification(
        this TransformsCatalog catalog,
        PerceiverCheckpoint checkpoint,
        string textColumnName = "Text",
        string? secondTextColumnName = null,
        string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel") =>
        catalog.PerceiverTextClassification(new PerceiverTextClassificationOptions
        {
            Checkpoint = checkpoint,
            TextColumnName = textColumnName,
            SecondTextColumnName = secondTextColumnName,
            ScoreColumnName = scoreColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
        });

    /// <summary>Classifies texts, or gives them numbers, with a Perceiver.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or there is neither a checkpoint nor training.</exception>
    public static PerceiverTextClassificationEstimator PerceiverTextClassification(
        this TransformsCatalog catalog, PerceiverTextClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PerceiverTextClassificationEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }

    /// <summary>Learns to classify texts.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="labelColumnName">The column with the class, a key.</param>
    /// <param name="textColumnName">The column with the text.</param>
    /// <param name="secondTextColumnName">The column with a second text; null for none.</param>
    /// <param name="checkpoint">The weights to start from; null for random ones of <see cref="PerceiverPresets.SmallText"/>.</param>
    /// <param name="training">How to train; null for the defaults.</param>
    /// <param name="validationSet">Rows to choose the best epoch by; null sets a share of the training rows aside.</param>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    public static PerceiverTextClassificationEstimator PerceiverText(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers,
        string labelColumnName = "Label",
        string textColumnName = "Text",
        string? secondTextColumnName = null,
        PerceiverCheckpoint? checkpoint = null,
        PerceiverTrainingOptions? training = null,
        IDataView? validationSet = null) =>
        trainers.PerceiverText(TrainerOptions(labelColumnName, textColumnName, secondTextColumnName, checkpoint, training, validationSet));

    /// <summary>Learns to classify texts.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="options">The settings; training with the defaults where they name none.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static PerceiverTextClassificationEstimator PerceiverText(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers, PerceiverTextClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new PerceiverTextClassificationEstimator(MlNetInternals.EnvironmentOf(trainers), options, PerceiverProblemType.SingleLabel);
    }

    /// <summary>Learns to give texts a number.</summary>
    /// <param name="trainers">The trainers of regression.</param>
    /// <param name="labelColumnName">The column with the number, a Single.</param>
    /// <param name="textColumnName">The column with the text.</param>
    /// <param name="secondTextColumnName">The column with a second text; null for none.</param>
    /// <param name="checkpoint">The weights to start from; null for random ones of <see cref="PerceiverPresets.SmallText"/>.</param>
    /// <param name="training">How to train; null for the defaults.</param>
    /// <param name="validationSet">Rows to choose the best epoch by; null sets a share of the training rows aside.</param>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    public static PerceiverTextClassificationEstimator PerceiverText(
        this RegressionCatalog.RegressionTrainers trainers,
        string labelColumnName = "Label",
        string textColumnName = "Text",
        string? secondTextColumnName = null,
        PerceiverCheckpoint? checkpoint = null,
        PerceiverTrainingOptions? training = null,
        IDataView? validationSet = null) =>
        trainers.PerceiverText(TrainerOptions(labelColumnName, textColumnName, secondTextColumnName, checkpoint, training, validationSet));

    /// <summary>Learns to give texts a number.</summary>
    /// <param name="trainers">The trainers of regression.</param>
    /// <param name="options">The settings; training with the defaults where they name none.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static PerceiverTextClassificationEstimator PerceiverText(
        this RegressionCatalog.RegressionTrainers trainers, PerceiverTextClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new PerceiverTextClassificationEstimator(MlNetInternals.EnvironmentOf(trainers), options, PerceiverProblemType.Regression);
    }

    private static PerceiverTextClassificationOptions TrainerOptions(
        string label,
        string text,
        string? secondText,
        PerceiverCheckpoint? checkpoint,
        PerceiverTrainingOptions? training,
        IDataView? validationSet) => new()
        {
            LabelColumnName = label,
            TextColumnName = text,
            SecondTextColumnName = secondText,
            Checkpoint = checkpoint,
            Training = training,
            ValidationSet = validationSet,
        };
}
