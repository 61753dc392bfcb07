using Microsoft.ML.Perceiver;

namespace Microsoft.ML;

// Several labels for each row, each of which applies or not.
public static partial class PerceiverCatalog
{
    /// <summary>Learns which of several labels apply to a text: any number of them, or none.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="labelColumnName">
    /// The column with the labels, a vector of Boolean or Single (0 or 1) of known size: one for each label, named by its slot names.
    /// </param>
    /// <param name="textColumnName">The column with the text.</param>
    /// <param name="secondTextColumnName">The column with a second text; null for none.</param>
    /// <param name="checkpoint">
    /// The weights to start from; null for <c>perceiver-mini-sentence</c> where its package is with the program, else for
    /// <see cref="PerceiverPresets.RandomText"/>.
    /// </param>
    /// <param name="training">
    /// How to train; null for the defaults, or from the sentence encoder for <see cref="PerceiverPresets.TextFineTuning"/> without what
    /// concerns classes.
    /// </param>
    /// <param name="validationSet">Rows to choose the best epoch by; null sets a share of the training rows aside.</param>
    /// <returns>
    /// An estimator whose <c>Fit</c> trains a model; its transformer adds the probability of each label, and which are 0.5 and more.
    /// </returns>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // The labels of a row are a list of words; MapKeyToVector makes a vector of them that has their names.
    /// var mlContext = new MLContext(seed: 1);
    /// var complaints = mlContext.Data.LoadFromEnumerable(
    /// [
    ///     new { Text = "The parcel is late and broken", Label = new[] { "late", "broken" } },
    ///     new { Text = "The parcel is late", Label = new[] { "late" } },
    /// ]);
    /// var model = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(mlContext.Transforms.Conversion.MapKeyToVector("Label", outputCountVector: true))
    ///     .Append(mlContext.MulticlassClassification.Trainers.PerceiverMultiLabelText())
    ///     .Fit(complaints);
    /// var metrics = mlContext.MulticlassClassification.EvaluateMultiLabel(model.Transform(complaints));
    /// Console.WriteLine($"{metrics.MicroF1:p1}");
    /// ]]></code>
    /// </example>
    public static PerceiverTextClassificationEstimator PerceiverMultiLabelText(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers,
        string labelColumnName = "Label",
        string textColumnName = "Text",
        string? secondTextColumnName = null,
        PerceiverCheckpoint? checkpoint = null,
        PerceiverTrainingOptions? training = null,
        IDataView? validationSet = null) => trainers.PerceiverMultiLabelText(
            TrainerOptions(labelColumnName, textColumnName, secondTextColumnName, checkpoint, training, validationSet));

    /// <summary>Learns which of several labels apply to a text: any number of them, or none.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="options">The settings; training with the defaults where they name none.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds probabilities and the labels that apply.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var complaints = mlContext.Data.LoadFromEnumerable(
    /// [
    ///     new Complaint { Text = "The parcel is late and broken", Label = [true, true] },
    ///     new Complaint { Text = "The parcel is late", Label = [true, false] },
    /// ]);
    /// using var model = mlContext.MulticlassClassification.Trainers.PerceiverMultiLabelText(new PerceiverTextClassificationOptions
    /// {
    ///     Checkpoint = PerceiverCheckpoint.FromConfig(PerceiverPresets.SmallText, seed: 1),
    ///     Training = new PerceiverTrainingOptions { Epochs = 20 },
    /// }).Fit(complaints);
    ///
    /// class Complaint
    /// {
    ///     public string Text { get; set; } = "";
    ///     [VectorType(2)] public bool[] Label { get; set; } = [];
    /// }
    /// ]]></code>
    /// </example>
    public static PerceiverTextClassificationEstimator PerceiverMultiLabelText(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers, PerceiverTextClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new PerceiverTextClassificationEstimator(MlNetInternals.EnvironmentOf(trainers), options, LabelKind.Several);
    }

    /// <summary>Learns which of several labels apply to an image: any number of them, or none.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="labelColumnName">
    /// The column with the labels, a vector of Boolean or Single (0 or 1) of known size: one for each label, named by its slot names.
    /// </param>
    /// <param name="imageColumnName">The column with the image: an MLImage, its pixels as a vector, or the bytes of its file.</param>
    /// <param name="checkpoint">The weights to start from; null for random ones of <see cref="PerceiverPresets.SmallImage"/>.</param>
    /// <param name="training">How to train; null for the defaults.</param>
    /// <param name="augmentation">How training images are varied; null leaves them as they are.</param>
    /// <param name="validationSet">Rows to choose the best epoch by; null sets a share of the training rows aside.</param>
    /// <returns>
    /// An estimator whose <c>Fit</c> trains a model; its transformer adds the probability of each label, and which are 0.5 and more.
    /// </returns>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var photographs = mlContext.Data.LoadFromEnumerable(
    /// [
    ///     new { Path = "a.jpg", Label = new[] { "beach", "people" } },
    ///     new { Path = "b.jpg", Label = new[] { "people" } },
    /// ]);
    /// var model = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(mlContext.Transforms.Conversion.MapKeyToVector("Label", outputCountVector: true))
    ///     .Append(mlContext.Transforms.LoadPerceiverImages("Image", inputColumnName: "Path"))
    ///     .Append(mlContext.MulticlassClassification.Trainers.PerceiverMultiLabelImage())
    ///     .Fit(photographs);
    /// ]]></code>
    /// </example>
    public static PerceiverImageClassificationEstimator PerceiverMultiLabelImage(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers,
        string labelColumnName = "Label",
        string imageColumnName = "Image",
        PerceiverCheckpoint? checkpoint = null,
        PerceiverTrainingOptions? training = null,
        PerceiverImageAugmentation? augmentation = null,
        IDataView? validationSet = null) => trainers.PerceiverMultiLabelImage(
            ImageOptions(labelColumnName, imageColumnName, checkpoint, training, augmentation, validationSet));

    /// <summary>Learns which of several labels apply to an image: any number of them, or none.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="options">The settings; training with the defaults where they name none.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds probabilities and the labels that apply.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Starts from the bundled model of clothes; a new output layer is trained with it.
    /// var mlContext = new MLContext(seed: 1);
    /// var trainer = mlContext.MulticlassClassification.Trainers.PerceiverMultiLabelImage(new PerceiverImageClassificationOptions
    /// {
    ///     Checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniClothing),
    ///     Training = new PerceiverTrainingOptions { Epochs = 5, LearningRate = 3e-4 },
    ///     Augmentation = new PerceiverImageAugmentation { HorizontalFlip = true },
    /// });
    /// ]]></code>
    /// </example>
    public static PerceiverImageClassificationEstimator PerceiverMultiLabelImage(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers, PerceiverImageClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new PerceiverImageClassificationEstimator(MlNetInternals.EnvironmentOf(trainers), options, LabelKind.Several);
    }

    /// <summary>Learns which of several labels apply to an array (a series, a grid, a table): any number of them, or none.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="labelColumnName">
    /// The column with the labels, a vector of Boolean or Single (0 or 1) of known size: one for each label, named by its slot names.
    /// </param>
    /// <param name="featureColumnName">The column with the arrays, vectors of Single.</param>
    /// <param name="checkpoint">
    /// The weights to start from; null for random ones of <see cref="PerceiverPresets.SmallArray"/>, or for a table
    /// <see cref="PerceiverPresets.SmallTable"/>.
    /// </param>
    /// <param name="training">
    /// How to train; null for <see cref="PerceiverPresets.ArrayTraining"/> without what concerns classes.
    /// </param>
    /// <param name="validationSet">Rows to choose the best epoch by; null sets a share of the training rows aside.</param>
    /// <returns>
    /// An estimator whose <c>Fit</c> trains a model; its transformer adds the probability of each label, and which are 0.5 and more.
    /// </returns>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var machines = mlContext.Data.LoadFromEnumerable(
    /// [
    ///     new Machine { Features = [1, 3, 2], Label = [true, false] },
    ///     new Machine { Features = [2, 7, 9], Label = [true, true] },
    /// ]);
    /// using var model = mlContext.MulticlassClassification.Trainers.PerceiverMultiLabelArray().Fit(machines);
    ///
    /// class Machine
    /// {
    ///     public float[] Features { get; set; } = [];
    ///     [VectorType(2)] public bool[] Label { get; set; } = [];
    /// }
    /// ]]></code>
    /// </example>
    public static PerceiverArrayClassificationEstimator PerceiverMultiLabelArray(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        PerceiverCheckpoint? checkpoint = null,
        PerceiverTrainingOptions? training = null,
        IDataView? validationSet = null) => trainers.PerceiverMultiLabelArray(
            OptionsOf(labelColumnName, featureColumnName, checkpoint, training, validationSet));

    /// <summary>Learns which of several labels apply to an array (a series, a grid, a table): any number of them, or none.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="options">The settings; training with the defaults where they name none.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds probabilities and the labels that apply.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // The columns of a table.
    /// var mlContext = new MLContext(seed: 1);
    /// var trainer = mlContext.MulticlassClassification.Trainers.PerceiverMultiLabelArray(new PerceiverArrayClassificationOptions
    /// {
    ///     FeatureColumnNames = ["Pressure", "Temperature"],
    ///     LabelColumnName = "Faults",
    /// });
    /// ]]></code>
    /// </example>
    public static PerceiverArrayClassificationEstimator PerceiverMultiLabelArray(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers, PerceiverArrayClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new PerceiverArrayClassificationEstimator(MlNetInternals.EnvironmentOf(trainers), options, LabelKind.Several);
    }

    /// <summary>Evaluates predictions of several labels for each row.</summary>
    /// <param name="catalog">The catalog of multiclass classification.</param>
    /// <param name="data">Rows with right labels and probabilities.</param>
    /// <param name="labelColumnName">The column with the right labels, a vector of Boolean or Single (0 or 1) of known size.</param>
    /// <param name="scoreColumnName">The column with the probability of each label, a vector of Single of the same size.</param>
    /// <param name="threshold">The probability from which a label counts as predicted, from 0 to 1.</param>
    /// <returns>The metrics.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing or has the wrong type, or the threshold is out of its range.
    /// </exception>
    /// <exception cref="InvalidOperationException">There are no rows, or a row is at fault (its number is given).</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext();
    /// var rows = mlContext.Data.LoadFromEnumerable(
    /// [
    ///     new Scored { Label = [true, false], Score = [0.9f, 0.2f] },
    ///     new Scored { Label = [true, true], Score = [0.7f, 0.4f] },
    /// ]);
    /// var metrics = mlContext.MulticlassClassification.EvaluateMultiLabel(rows);
    /// Console.WriteLine($"F1 {metrics.MicroF1:p1}, Hamming loss {metrics.HammingLoss:p1}");
    ///
    /// class Scored
    /// {
    ///     [VectorType(2)] public bool[] Label { get; set; } = [];
    ///     [VectorType(2)] public float[] Score { get; set; } = [];
    /// }
    /// ]]></code>
    /// </example>
    public static PerceiverMultiLabelMetrics EvaluateMultiLabel(
        this MulticlassClassificationCatalog catalog,
        IDataView data,
        string labelColumnName = "Label",
        string scoreColumnName = "Score",
        double threshold = 0.5)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(labelColumnName);
        ArgumentNullException.ThrowIfNull(scoreColumnName);
        if (threshold is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold must be from 0 to 1.");
        return PerceiverMultiLabelMetrics.Of(data, labelColumnName, scoreColumnName, threshold);
    }
}
