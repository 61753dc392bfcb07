using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;

namespace Microsoft.ML;

/// <summary>The Perceiver's estimators, as extensions of ML.NET's catalogs.</summary>
public static class PerceiverCatalog
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
        FillMaskDecoding decoding = FillMaskDecoding.OneShot) =>
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

    /// <summary>Turns texts, or pictures, into numbers that any ML.NET trainer can learn from.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="checkpoint">The weights of any text head, or of any image classifier.</param>
    /// <param name="outputColumnName">The column for the features.</param>
    /// <param name="textColumnName">The column with the text.</param>
    /// <param name="kind">What is taken of a text or a picture.</param>
    /// <param name="imageColumnName">The column with the picture, an MLImage or its pixels as a vector; null for features of texts.</param>
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

    /// <summary>Turns texts, or pictures, into numbers that any ML.NET trainer can learn from.</summary>
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
    public static PerceiverTextClassificationEstimator PerceiverTextClassification(this TransformsCatalog catalog, PerceiverTextClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PerceiverTextClassificationEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }

    /// <summary>Classifies pictures, or gives them numbers, with a trained Perceiver.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="checkpoint">The weights, with the labels in their configuration.</param>
    /// <param name="imageColumnName">The column with the picture: an MLImage, or its pixels as a vector.</param>
    /// <param name="scoreColumnName">The column for the probabilities.</param>
    /// <param name="predictedLabelColumnName">The column for the label.</param>
    /// <param name="topK">How many of the most probable labels are written to the columns "TopLabels" and "TopScores"; null for none.</param>
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

    /// <summary>Classifies pictures, or gives them numbers, with a Perceiver.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or there is neither a checkpoint nor training.</exception>
    public static PerceiverImageClassificationEstimator PerceiverImageClassification(this TransformsCatalog catalog, PerceiverImageClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PerceiverImageClassificationEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }

    /// <summary>Gives videos and their sound back through a trained autoencoder, and classifies them.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="checkpoint">The weights, with the labels in their configuration.</param>
    /// <param name="framesColumnName">The column with the video: frames x 3 x height x width as a vector, from 0 to 255.</param>
    /// <param name="audioColumnName">The column with the sound: a vector of samples.</param>
    /// <param name="reconstructedFramesColumnName">The column for the video as it comes out.</param>
    /// <param name="reconstructedAudioColumnName">The column for the sound as it comes out.</param>
    /// <param name="scoreColumnName">The column for the labels' probabilities.</param>
    /// <param name="predictedLabelColumnName">The column for the label.</param>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public static PerceiverMultimodalEstimator PerceiverMultimodal(
        this TransformsCatalog catalog,
        PerceiverCheckpoint checkpoint,
        string framesColumnName = "Frames",
        string audioColumnName = "Audio",
        string reconstructedFramesColumnName = "ReconstructedFrames",
        string reconstructedAudioColumnName = "ReconstructedAudio",
        string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel") =>
        catalog.PerceiverMultimodal(new PerceiverMultimodalOptions
        {
            Checkpoint = checkpoint,
            FramesColumnName = framesColumnName,
            AudioColumnName = audioColumnName,
            ReconstructedFramesColumnName = reconstructedFramesColumnName,
            ReconstructedAudioColumnName = reconstructedAudioColumnName,
            ScoreColumnName = scoreColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
        });

    /// <summary>Gives videos and their sound back through an autoencoder, and classifies them; and trains one.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or there is no checkpoint.</exception>
    public static PerceiverMultimodalEstimator PerceiverMultimodal(this TransformsCatalog catalog, PerceiverMultimodalOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PerceiverMultimodalEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }

    /// <summary>Learns to classify pictures.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="labelColumnName">The column with the class, a key.</param>
    /// <param name="imageColumnName">The column with the picture: an MLImage, or its pixels as a vector.</param>
    /// <param name="checkpoint">The weights to start from; null for random ones of <see cref="PerceiverPresets.SmallImage"/>.</param>
    /// <param name="training">How to train; null for the defaults.</param>
    /// <param name="augmentation">How training pictures are varied; null leaves them as they are.</param>
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

    /// <summary>Learns to classify pictures.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="options">The settings; training with the defaults where they name none.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static PerceiverImageClassificationEstimator PerceiverImage(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers, PerceiverImageClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new PerceiverImageClassificationEstimator(MlNetInternals.EnvironmentOf(trainers), options, ProblemType.SingleLabel);
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
        return new PerceiverTextClassificationEstimator(MlNetInternals.EnvironmentOf(trainers), options, ProblemType.SingleLabel);
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
    public static PerceiverTextClassificationEstimator PerceiverText(this RegressionCatalog.RegressionTrainers trainers, PerceiverTextClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new PerceiverTextClassificationEstimator(MlNetInternals.EnvironmentOf(trainers), options, ProblemType.Regression);
    }

    /// <summary>Finds how the pixels of a frame move to the next one.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="checkpoint">The weights of a model of optical flow.</param>
    /// <param name="outputColumnName">The column for the flow, height x width x 2.</param>
    /// <param name="firstImageColumnName">The column with the first frame, an MLImage of any size.</param>
    /// <param name="secondImageColumnName">The column with the second frame, of the same size.</param>
    /// <param name="flowImageColumnName">The column for a picture of the flow; null for none.</param>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public static PerceiverOpticalFlowEstimator PerceiverOpticalFlow(
        this TransformsCatalog catalog,
        PerceiverCheckpoint checkpoint,
        string outputColumnName = "Flow",
        string firstImageColumnName = "FirstImage",
        string secondImageColumnName = "SecondImage",
        string? flowImageColumnName = null) =>
        catalog.PerceiverOpticalFlow(new PerceiverOpticalFlowOptions
        {
            Checkpoint = checkpoint,
            FlowColumnName = outputColumnName,
            FirstImageColumnName = firstImageColumnName,
            SecondImageColumnName = secondImageColumnName,
            FlowImageColumnName = flowImageColumnName,
        });

    /// <summary>Finds how the pixels of a frame move to the next one, and trains a model for it.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or there is neither a checkpoint nor training.</exception>
    public static PerceiverOpticalFlowEstimator PerceiverOpticalFlow(this TransformsCatalog catalog, PerceiverOpticalFlowOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PerceiverOpticalFlowEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }

    /// <summary>Compares flow with the true one: the end-point error and the share of outliers, for each row and in all.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="data">Data with both flows, such as a transformer of <see cref="PerceiverOpticalFlow(TransformsCatalog, PerceiverOpticalFlowOptions)"/> gives.</param>
    /// <param name="labelColumnName">The column with the true flow, not a number where a motion is unknown.</param>
    /// <param name="flowColumnName">The column with the flow.</param>
    /// <param name="heightColumnName">The column with its height.</param>
    /// <param name="widthColumnName">The column with its width.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">The flows of a row differ in size; its number is given.</exception>
    public static OpticalFlowEvaluation EvaluateOpticalFlow(
        this TransformsCatalog catalog,
        IDataView data,
        string labelColumnName = "Label",
        string flowColumnName = "Flow",
        string heightColumnName = "FlowHeight",
        string widthColumnName = "FlowWidth")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        return OpticalFlowEvaluation.Of(data, labelColumnName, flowColumnName, heightColumnName, widthColumnName);
    }

    /// <summary>
    /// Makes pairs of frames with exact flow to train on, in the columns FirstImage, SecondImage and Label. They are made when they are read, the
    /// same each time, and never kept.
    /// </summary>
    /// <param name="catalog">The catalog of data.</param>
    /// <param name="photographs">What the frames are made of; they are copied.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="options">Sizes and motions; null for the defaults.</param>
    /// <param name="start">The number of the first row, for other data of the same seed.</param>
    /// <exception cref="ArgumentException">There is no photograph, or a number is out of range.</exception>
    public static IDataView GenerateOpticalFlow(
        this DataOperationsCatalog catalog, IEnumerable<MLImage> photographs, int rows, FlowGeneratorOptions? options = null, long start = 0)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(photographs);
        return new GeneratedFlowDataView(new FlowGenerator([.. photographs.Select(MlImagePixels.Read)], options), rows, start);
    }

    private static PerceiverTextClassificationOptions TrainerOptions(
        string label, string text, string? secondText, PerceiverCheckpoint? checkpoint, PerceiverTrainingOptions? training, IDataView? validationSet) => new()
        {
            LabelColumnName = label,
            TextColumnName = text,
            SecondTextColumnName = secondText,
            Checkpoint = checkpoint,
            Training = training,
            ValidationSet = validationSet,
        };
}
