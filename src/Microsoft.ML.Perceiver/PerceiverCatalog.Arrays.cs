using Microsoft.ML.Perceiver;

namespace Microsoft.ML;

// Arrays: series, grids, films, tables.
public static partial class PerceiverCatalog
{
    /// <summary>Classifies arrays, or gives them numbers, with a trained Perceiver.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="checkpoint">The weights of a <see cref="PerceiverForArray"/>, with the labels in their configuration.</param>
    /// <param name="featureColumnName">The column with the arrays, vectors of Single.</param>
    /// <param name="scoreColumnName">The column for the probabilities, or the numbers.</param>
    /// <param name="predictedLabelColumnName">The column for the label.</param>
    /// <returns>An estimator that adds the probabilities and the most probable label.</returns>
    /// <exception cref="ArgumentException">A name is empty, or the checkpoint is of another head.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // A folder that the transformer of a trainer wrote with SavePretrained.
    /// var mlContext = new MLContext();
    /// var series = mlContext.Data.LoadFromEnumerable([new { Features = new float[] { 1, 2, 3, 4 } }]);
    /// var checkpoint = PerceiverCheckpoint.FromDirectory("model");
    /// using var model = mlContext.Transforms.PerceiverArrayClassification(checkpoint).Fit(series);
    /// float[] probabilities = model.Transform(series).GetColumn<float[]>("Score").Single();
    /// ]]></code>
    /// </example>
    public static PerceiverArrayClassificationEstimator PerceiverArrayClassification(
        this TransformsCatalog catalog,
        PerceiverCheckpoint checkpoint,
        string featureColumnName = "Features",
        string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel") =>
        catalog.PerceiverArrayClassification(new PerceiverArrayClassificationOptions
        {
            Checkpoint = checkpoint,
            FeatureColumnNames = [featureColumnName],
            ScoreColumnName = scoreColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
        });

    /// <summary>Classifies arrays, or gives them numbers, with a Perceiver.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">The settings.</param>
    /// <returns>An estimator that adds the probabilities and the most probable label.</returns>
    /// <exception cref="ArgumentException">A setting is out of range, or there is neither a checkpoint nor training.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // The columns of a table, with the three most probable labels.
    /// var mlContext = new MLContext();
    /// var table = mlContext.Data.LoadFromEnumerable([new { Width = 2f, Height = 3f }]);
    /// using var model = mlContext.Transforms.PerceiverArrayClassification(new PerceiverArrayClassificationOptions
    /// {
    ///     Checkpoint = PerceiverCheckpoint.FromDirectory("model"),
    ///     FeatureColumnNames = ["Width", "Height"],
    ///     TopK = 3,
    /// }).Fit(table);
    /// ]]></code>
    /// </example>
    public static PerceiverArrayClassificationEstimator PerceiverArrayClassification(
        this TransformsCatalog catalog, PerceiverArrayClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PerceiverArrayClassificationEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }

    /// <summary>Learns to classify arrays: series, grids, films, tables.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="labelColumnName">The column with the class, a key.</param>
    /// <param name="featureColumnName">The column with the arrays, vectors of Single.</param>
    /// <param name="checkpoint">
    /// The weights to start from; null for random ones of <see cref="PerceiverPresets.SmallArray"/>, or for a table
    /// <see cref="PerceiverPresets.SmallTable"/>.
    /// </param>
    /// <param name="training">How to train; null for <see cref="PerceiverPresets.ArrayTraining"/>.</param>
    /// <param name="validationSet">Rows to choose the best epoch by; null sets a share of the training rows aside.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds the probabilities and the most probable label.</returns>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Series of any length; the vectors of a row may have more or fewer numbers than those of another.
    /// var mlContext = new MLContext(seed: 1);
    /// var series = mlContext.Data.LoadFromEnumerable(
    /// [
    ///     new { Features = new float[] { 1, 2, 3 }, Label = "rising" },
    ///     new { Features = new float[] { 5, 3, 2, 1 }, Label = "falling" },
    /// ]);
    /// using var model = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(mlContext.MulticlassClassification.Trainers.PerceiverArray())
    ///     .Fit(series);
    /// ]]></code>
    /// </example>
    public static PerceiverArrayClassificationEstimator PerceiverArray(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        PerceiverCheckpoint? checkpoint = null,
        PerceiverTrainingOptions? training = null,
        IDataView? validationSet = null) =>
        trainers.PerceiverArray(OptionsOf(labelColumnName, featureColumnName, checkpoint, training, validationSet));

    /// <summary>Learns to classify arrays: series, grids, films, tables.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="options">The settings; training with the defaults where they name none.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds the probabilities and the most probable label.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // A second of sound at 16 kHz, of which the model reads patches of 160 samples.
    /// var mlContext = new MLContext(seed: 1);
    /// var sounds = mlContext.Data.LoadFromEnumerable(
    /// [
    ///     new { Samples = new float[16000], Label = "silence" },
    ///     new { Samples = Enumerable.Range(0, 16000).Select(i => MathF.Sin(i * 0.2f)).ToArray(), Label = "tone" },
    /// ]);
    /// using var model = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(mlContext.MulticlassClassification.Trainers.PerceiverArray(new PerceiverArrayClassificationOptions
    ///     {
    ///         FeatureColumnNames = ["Samples"],
    ///         Patch = [160],
    ///         Training = PerceiverPresets.ArrayTraining with { Epochs = 5 },
    ///     }))
    ///     .Fit(sounds);
    /// ]]></code>
    /// </example>
    public static PerceiverArrayClassificationEstimator PerceiverArray(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers, PerceiverArrayClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new PerceiverArrayClassificationEstimator(MlNetInternals.EnvironmentOf(trainers), options, LabelKind.Class);
    }

    /// <summary>Learns to tell two kinds of arrays apart.</summary>
    /// <param name="trainers">The trainers of binary classification.</param>
    /// <param name="labelColumnName">The column with the label, a Boolean.</param>
    /// <param name="featureColumnName">The column with the arrays, vectors of Single.</param>
    /// <param name="checkpoint">
    /// The weights to start from; null for random ones of <see cref="PerceiverPresets.SmallArray"/>, or for a table
    /// <see cref="PerceiverPresets.SmallTable"/>.
    /// </param>
    /// <param name="training">How to train; null for <see cref="PerceiverPresets.ArrayTraining"/>.</param>
    /// <param name="validationSet">Rows to choose the best epoch by; null sets a share of the training rows aside.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds the score, the probability and the label.</returns>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var beats = mlContext.Data.LoadFromEnumerable(
    /// [
    ///     new { Features = new float[] { 0, 1, 0, 1 }, Label = true },
    ///     new { Features = new float[] { 0, 0, 1, 1 }, Label = false },
    /// ]);
    /// using var model = mlContext.BinaryClassification.Trainers.PerceiverArray().Fit(beats);
    /// float[] probabilities = model.Transform(beats).GetColumn<float>("Probability").ToArray();
    /// ]]></code>
    /// </example>
    public static PerceiverArrayClassificationEstimator PerceiverArray(
        this BinaryClassificationCatalog.BinaryClassificationTrainers trainers,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        PerceiverCheckpoint? checkpoint = null,
        PerceiverTrainingOptions? training = null,
        IDataView? validationSet = null) =>
        trainers.PerceiverArray(OptionsOf(labelColumnName, featureColumnName, checkpoint, training, validationSet));

    /// <summary>Learns to tell two kinds of arrays apart.</summary>
    /// <param name="trainers">The trainers of binary classification.</param>
    /// <param name="options">The settings; training with the defaults where they name none.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds the score, the probability and the label.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // The columns of a table.
    /// var mlContext = new MLContext(seed: 1);
    /// var visits = mlContext.Data.LoadFromEnumerable(
    /// [
    ///     new { Minutes = 12f, Pages = 7f, Bought = true },
    ///     new { Minutes = 1f, Pages = 1f, Bought = false },
    /// ]);
    /// using var model = mlContext.BinaryClassification.Trainers.PerceiverArray(new PerceiverArrayClassificationOptions
    /// {
    ///     FeatureColumnNames = ["Minutes", "Pages"],
    ///     LabelColumnName = "Bought",
    /// }).Fit(visits);
    /// ]]></code>
    /// </example>
    public static PerceiverArrayClassificationEstimator PerceiverArray(
        this BinaryClassificationCatalog.BinaryClassificationTrainers trainers, PerceiverArrayClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        var environment = MlNetInternals.EnvironmentOf(trainers);
        return new PerceiverArrayClassificationEstimator(environment, options, LabelKind.Truth);
    }

    /// <summary>Learns to give arrays a number.</summary>
    /// <param name="trainers">The trainers of regression.</param>
    /// <param name="labelColumnName">The column with the number, a Single.</param>
    /// <param name="featureColumnName">The column with the arrays, vectors of Single.</param>
    /// <param name="checkpoint">
    /// The weights to start from; null for random ones of <see cref="PerceiverPresets.SmallArray"/>, or for a table
    /// <see cref="PerceiverPresets.SmallTable"/>.
    /// </param>
    /// <param name="training">
    /// How to train; null for <see cref="PerceiverPresets.ArrayTraining"/> without what concerns classes.
    /// </param>
    /// <param name="validationSet">Rows to choose the best epoch by; null sets a share of the training rows aside.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds the number, in the label's unit.</returns>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var series = mlContext.Data.LoadFromEnumerable(
    /// [
    ///     new { Features = new float[] { 1, 2, 3 }, Label = 4f },
    ///     new { Features = new float[] { 5, 3, 1 }, Label = -1f },
    /// ]);
    /// using var model = mlContext.Regression.Trainers.PerceiverArray().Fit(series);
    /// float[] numbers = model.Transform(series).GetColumn<float>("Score").ToArray();
    /// ]]></code>
    /// </example>
    public static PerceiverArrayClassificationEstimator PerceiverArray(
        this RegressionCatalog.RegressionTrainers trainers,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        PerceiverCheckpoint? checkpoint = null,
        PerceiverTrainingOptions? training = null,
        IDataView? validationSet = null) =>
        trainers.PerceiverArray(OptionsOf(labelColumnName, featureColumnName, checkpoint, training, validationSet));

    /// <summary>Learns to give arrays a number.</summary>
    /// <param name="trainers">The trainers of regression.</param>
    /// <param name="options">The settings; training with the defaults where they name none.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds the number, in the label's unit.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Three channels of a sensor, one after the other at each instant.
    /// var mlContext = new MLContext(seed: 1);
    /// var random = new Random(1);
    /// float[] Draw() => Enumerable.Range(0, 300).Select(_ => random.NextSingle()).ToArray();
    /// var motions = mlContext.Data.LoadFromEnumerable(
    ///     Enumerable.Range(0, 50).Select(_ => Draw()).Select(v => new { Motion = v, Effort = v.Max() }).ToArray());
    /// using var model = mlContext.Regression.Trainers.PerceiverArray(new PerceiverArrayClassificationOptions
    /// {
    ///     FeatureColumnNames = ["Motion"],
    ///     LabelColumnName = "Effort",
    ///     Channels = 3,
    /// }).Fit(motions);
    /// ]]></code>
    /// </example>
    public static PerceiverArrayClassificationEstimator PerceiverArray(
        this RegressionCatalog.RegressionTrainers trainers, PerceiverArrayClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new PerceiverArrayClassificationEstimator(MlNetInternals.EnvironmentOf(trainers), options, LabelKind.Number);
    }

    private static PerceiverArrayClassificationOptions OptionsOf(
        string labelColumnName,
        string featureColumnName,
        PerceiverCheckpoint? checkpoint,
        PerceiverTrainingOptions? training,
        IDataView? validationSet) => new()
        {
            LabelColumnName = labelColumnName,
            FeatureColumnNames = [featureColumnName],
            Checkpoint = checkpoint,
            Training = training,
            ValidationSet = validationSet,
        };
}
