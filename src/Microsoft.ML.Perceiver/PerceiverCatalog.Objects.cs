using Microsoft.ML.Perceiver;

namespace Microsoft.ML;

/// <summary>What concerns objects in images.</summary>
public static partial class PerceiverCatalog
{
    /// <summary>Finds objects in images with a trained Perceiver.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="checkpoint">The weights, with the labels in their configuration.</param>
    /// <param name="imageColumnName">The column with the image: an MLImage, its pixels as a vector, or the bytes of its file.</param>
    /// <param name="predictedLabelColumnName">The column for the label of each object.</param>
    /// <param name="predictedBoundingBoxColumnName">The column for the box of each object.</param>
    /// <param name="scoreColumnName">The column for the probability of each label.</param>
    /// <param name="scoreThreshold">The least probability of an object that is written.</param>
    /// <returns>An estimator that adds labels, boxes and probabilities.</returns>
    /// <exception cref="ArgumentException">A name is empty, or a number out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext();
    /// var files = mlContext.Data.LoadFromEnumerable([new { Path = "wardrobe.jpg" }]);
    /// using var model = mlContext.Transforms.LoadPerceiverImages("Image", inputColumnName: "Path")
    ///     .Append(mlContext.Transforms.PerceiverObjectDetection(PerceiverCheckpoint.FromDirectory("detector")))
    ///     .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
    ///     .Fit(files);
    /// string[] labels = model.Transform(files).GetColumn<string[]>("PredictedLabel").Single();
    /// ]]></code>
    /// </example>
    public static PerceiverObjectDetectionEstimator PerceiverObjectDetection(
        this TransformsCatalog catalog,
        PerceiverCheckpoint checkpoint,
        string imageColumnName = "Image",
        string predictedLabelColumnName = "PredictedLabel",
        string predictedBoundingBoxColumnName = "PredictedBoundingBoxes",
        string scoreColumnName = "Score",
        double scoreThreshold = 0.5) =>
        catalog.PerceiverObjectDetection(new PerceiverObjectDetectionOptions
        {
            Checkpoint = checkpoint,
            ImageColumnName = imageColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
            PredictedBoundingBoxColumnName = predictedBoundingBoxColumnName,
            ScoreColumnName = scoreColumnName,
            ScoreThreshold = scoreThreshold,
        });

    /// <summary>Finds objects in images with a Perceiver.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">The settings.</param>
    /// <returns>An estimator that adds labels, boxes and probabilities.</returns>
    /// <exception cref="ArgumentException">A setting is out of range, or there is neither a checkpoint nor training.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Every box that the model gives, however improbable.
    /// var mlContext = new MLContext();
    /// var files = mlContext.Data.LoadFromEnumerable([new { Path = "wardrobe.jpg" }]);
    /// var model = mlContext.Transforms.LoadPerceiverImages("Image", inputColumnName: "Path")
    ///     .Append(mlContext.Transforms.PerceiverObjectDetection(new PerceiverObjectDetectionOptions
    ///     {
    ///         Checkpoint = PerceiverCheckpoint.FromDirectory("detector"),
    ///         ScoreThreshold = 0,
    ///         IouThreshold = null,
    ///     }))
    ///     .Fit(files);
    /// ]]></code>
    /// </example>
    public static PerceiverObjectDetectionEstimator PerceiverObjectDetection(
        this TransformsCatalog catalog, PerceiverObjectDetectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PerceiverObjectDetectionEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }

    /// <summary>Learns to find objects in images; the columns are those of ML.NET's <c>ObjectDetection</c> trainer.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="labelColumnName">The column with the label of each object, a vector of keys.</param>
    /// <param name="boundingBoxColumnName">
    /// The column with left, top, right and bottom edge of each object in pixels, a vector of Single.
    /// </param>
    /// <param name="imageColumnName">The column with the image: an MLImage, its pixels as a vector, or the bytes of its file.</param>
    /// <param name="checkpoint">The weights to start from; null for random ones of <see cref="PerceiverPresets.SmallDetection"/>.</param>
    /// <param name="training">How to train; null for <see cref="PerceiverPresets.DetectionTraining"/>.</param>
    /// <param name="augmentation">How training images are varied; null leaves them as they are.</param>
    /// <param name="validationSet">Rows to choose the best epoch by; null sets a share of the training rows aside.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds labels, boxes and probabilities.</returns>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var photographs = mlContext.Data.LoadFromEnumerable(
    /// [
    ///     new Photograph { Path = "a.jpg", Label = ["hat", "shoe"], BoundingBoxes = [10, 5, 60, 40, 20, 80, 70, 120] },
    ///     new Photograph { Path = "b.jpg", Label = ["hat"], BoundingBoxes = [30, 20, 90, 70] },
    /// ]);
    /// var model = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(mlContext.Transforms.LoadPerceiverImages("Image", inputColumnName: "Path"))
    ///     .Append(mlContext.MulticlassClassification.Trainers.PerceiverObjectDetection())
    ///     .Fit(photographs);
    ///
    /// class Photograph
    /// {
    ///     public string Path { get; set; } = "";
    ///     public string[] Label { get; set; } = [];
    ///     public float[] BoundingBoxes { get; set; } = [];
    /// }
    /// ]]></code>
    /// </example>
    public static PerceiverObjectDetectionEstimator PerceiverObjectDetection(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers,
        string labelColumnName = "Label",
        string boundingBoxColumnName = "BoundingBoxes",
        string imageColumnName = "Image",
        PerceiverCheckpoint? checkpoint = null,
        PerceiverTrainingOptions? training = null,
        PerceiverImageAugmentation? augmentation = null,
        IDataView? validationSet = null) =>
        trainers.PerceiverObjectDetection(new PerceiverObjectDetectionOptions
        {
            LabelColumnName = labelColumnName,
            BoundingBoxColumnName = boundingBoxColumnName,
            ImageColumnName = imageColumnName,
            Checkpoint = checkpoint,
            Training = training,
            Augmentation = augmentation,
            ValidationSet = validationSet,
        });

    /// <summary>Learns to find objects in images.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="options">The settings; training with the defaults where they name none.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds labels, boxes and probabilities.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Continues from the bundled model of clothes.
    /// var mlContext = new MLContext(seed: 1);
    /// var trainer = mlContext.MulticlassClassification.Trainers.PerceiverObjectDetection(new PerceiverObjectDetectionOptions
    /// {
    ///     Checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniClothing),
    ///     NumQueries = 16,
    ///     Training = new PerceiverTrainingOptions { Epochs = 20 },
    ///     Augmentation = new PerceiverImageAugmentation { HorizontalFlip = true, MaxShift = 0.1 },
    /// });
    /// ]]></code>
    /// </example>
    public static PerceiverObjectDetectionEstimator PerceiverObjectDetection(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers, PerceiverObjectDetectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new PerceiverObjectDetectionEstimator(MlNetInternals.EnvironmentOf(trainers), options, PerceiverPresets.DetectionTraining);
    }

    /// <summary>Evaluates objects that were found by mean average precision.</summary>
    /// <param name="catalog">The catalog of multiclass classification.</param>
    /// <param name="data">
    /// Rows with right and found objects, of which improbable ones too: scored with a
    /// <see cref="PerceiverObjectDetectionOptions.ScoreThreshold"/> near 0.
    /// </param>
    /// <param name="labelColumnName">The column with the label of each object, a vector of keys.</param>
    /// <param name="boundingBoxColumnName">The column with the boxes, a vector of Single.</param>
    /// <param name="predictedLabelColumnName">The column with the labels that were found, a vector of the same keys.</param>
    /// <param name="predictedBoundingBoxColumnName">The column with the boxes that were found.</param>
    /// <param name="scoreColumnName">The column with their probabilities.</param>
    /// <returns>The metrics.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="ArgumentException">The two columns of labels have different labels.</exception>
    /// <exception cref="InvalidOperationException">There are no rows, or a row is at fault (its number is given).</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext();
    /// var rows = mlContext.Data.LoadFromEnumerable(
    ///     [new Found { Label = ["hat"], BoundingBoxes = [0, 0, 8, 8], PredictedBoundingBoxes = [0, 1, 8, 8], Score = [0.9f] }]);
    /// var keys = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(mlContext.Transforms.CopyColumns("PredictedLabel", "Label"));
    /// var metrics = mlContext.MulticlassClassification.EvaluateObjectDetection(keys.Fit(rows).Transform(rows));
    /// Console.WriteLine($"mAP@0.5 {metrics.MAP50:p1}");
    ///
    /// class Found
    /// {
    ///     public string[] Label { get; set; } = [];
    ///     public float[] BoundingBoxes { get; set; } = [];
    ///     public float[] PredictedBoundingBoxes { get; set; } = [];
    ///     public float[] Score { get; set; } = [];
    /// }
    /// ]]></code>
    /// </example>
    public static PerceiverObjectDetectionMetrics EvaluateObjectDetection(
        this MulticlassClassificationCatalog catalog,
        IDataView data,
        string labelColumnName = "Label",
        string boundingBoxColumnName = "BoundingBoxes",
        string predictedLabelColumnName = "PredictedLabel",
        string predictedBoundingBoxColumnName = "PredictedBoundingBoxes",
        string scoreColumnName = "Score")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        return PerceiverObjectDetectionMetrics.Of(
            data, labelColumnName, boundingBoxColumnName, predictedLabelColumnName, predictedBoundingBoxColumnName, scoreColumnName);
    }
}
