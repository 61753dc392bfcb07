using Microsoft.ML.Perceiver;

namespace Microsoft.ML;

// Texts as a whole.
public static partial class PerceiverCatalog
{
    /// <summary>Classifies texts, or gives them numbers, with a trained Perceiver.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="checkpoint">The weights, with the labels in their configuration.</param>
    /// <param name="textColumnName">The column with the text.</param>
    /// <param name="secondTextColumnName">The column with a second text; null for none.</param>
    /// <param name="scoreColumnName">The column for the probabilities.</param>
    /// <param name="predictedLabelColumnName">The column for the label.</param>
    /// <returns>An estimator that adds the probabilities, or the numbers of a regression, and the most probable label.</returns>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Classifies texts with a model that SavePretrained, or Python's transformers, wrote to a folder.
    /// var mlContext = new MLContext(seed: 1);
    /// var texts = mlContext.Data.LoadFromEnumerable([new { Text = "Are we still meeting for lunch?" }]);
    /// using var model = mlContext.Transforms.PerceiverTextClassification(PerceiverCheckpoint.FromDirectory("spam-model")).Fit(texts);
    /// float[] probabilities = model.Transform(texts).GetColumn<float[]>("Score").Single();
    /// ]]></code>
    /// </example>
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
    /// <returns>An estimator that adds the probabilities, or the numbers of a regression, and the most probable label.</returns>
    /// <exception cref="ArgumentException">A setting is out of range, or there is neither a checkpoint nor training.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Several labels for each text: the label is a vector with a 1 for each label that applies.
    /// var mlContext = new MLContext(seed: 1);
    /// var texts = mlContext.Data.LoadFromEnumerable(
    /// [
    ///     new Complaint { Text = "The parcel is late and broken", Label = [1, 1] },
    ///     new Complaint { Text = "The parcel is late", Label = [1, 0] },
    /// ]);
    /// using var model = mlContext.Transforms.PerceiverTextClassification(new PerceiverTextClassificationOptions
    /// {
    ///     Checkpoint = PerceiverCheckpoint.FromConfig(PerceiverPresets.SmallText, seed: 1),
    ///     Training = new PerceiverTrainingOptions { Epochs = 20 },
    /// }).Fit(texts);
    ///
    /// class Complaint
    /// {
    ///     public string Text { get; set; } = "";
    ///     [VectorType(2)] public float[] Label { get; set; } = [];
    /// }
    /// ]]></code>
    /// </example>
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
    /// <param name="checkpoint">
    /// The weights to start from; null for <c>perceiver-mini-sentence</c> where its package is with the program, else for
    /// <see cref="PerceiverPresets.RandomText"/>.
    /// </param>
    /// <param name="training">
    /// How to train; null for <see cref="PerceiverPresets.TextFineTuning"/>, or from random weights for
    /// <see cref="PerceiverPresets.TextTraining"/>.
    /// </param>
    /// <param name="validationSet">Rows to choose the best epoch by; null sets a share of the training rows aside.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds the probabilities and the most probable label.</returns>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var messages = mlContext.Data.LoadFromTextFile<Message>("SMSSpamCollection.tsv");
    /// var model = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(mlContext.MulticlassClassification.Trainers.PerceiverText())
    ///     .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
    ///     .Fit(messages);
    /// mlContext.Model.Save(model, messages.Schema, "spam.zip");
    ///
    /// class Message
    /// {
    ///     [LoadColumn(0)] public string Label { get; set; } = "";
    ///     [LoadColumn(1)] public string Text { get; set; } = "";
    /// }
    /// ]]></code>
    /// </example>
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
    /// <param name="options">The settings; <see cref="PerceiverPresets.TextTraining"/> where they name no training.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds the probabilities and the most probable label.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Trains from the bundled language model, with a run folder that an interrupted training continues from.
    /// var mlContext = new MLContext(seed: 1);
    /// var messages = mlContext.Data.LoadFromEnumerable(
    ///     [new { Label = "ham", Text = "See you at 7" }, new { Label = "spam", Text = "You won" }]);
    /// var model = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(mlContext.MulticlassClassification.Trainers.PerceiverText(new PerceiverTextClassificationOptions
    ///     {
    ///         Checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage),
    ///         Training = new PerceiverTrainingOptions { Epochs = 3, BatchSize = 16, LearningRate = 5e-4, RunFolder = "runs/spam" },
    ///         MaxLength = 512,
    ///     }))
    ///     .Fit(messages);
    /// ]]></code>
    /// </example>
    public static PerceiverTextClassificationEstimator PerceiverText(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers, PerceiverTextClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new PerceiverTextClassificationEstimator(MlNetInternals.EnvironmentOf(trainers), options, LabelKind.Class);
    }

    /// <summary>Learns to give texts a number.</summary>
    /// <param name="trainers">The trainers of regression.</param>
    /// <param name="labelColumnName">The column with the number, a Single.</param>
    /// <param name="textColumnName">The column with the text.</param>
    /// <param name="secondTextColumnName">The column with a second text; null for none.</param>
    /// <param name="checkpoint">
    /// The weights to start from; null for <c>perceiver-mini-sentence</c> where its package is with the program, else for
    /// <see cref="PerceiverPresets.RandomText"/>.
    /// </param>
    /// <param name="training">How to train; null for the defaults.</param>
    /// <param name="validationSet">Rows to choose the best epoch by; null sets a share of the training rows aside.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds the number.</returns>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Learns the number of stars of a review.
    /// var mlContext = new MLContext(seed: 1);
    /// var reviews = mlContext.Data.LoadFromEnumerable([new { Text = "Lovely", Label = 5f }, new { Text = "Never again", Label = 1f }]);
    /// using var model = mlContext.Regression.Trainers.PerceiverText().Fit(reviews);
    /// float stars = model.Transform(reviews).GetColumn<float>("Score").First();
    /// ]]></code>
    /// </example>
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
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds the number.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var reviews = mlContext.Data.LoadFromEnumerable([new { Text = "Lovely", Label = 5f }, new { Text = "Never again", Label = 1f }]);
    /// using var model = mlContext.Regression.Trainers.PerceiverText(new PerceiverTextClassificationOptions
    /// {
    ///     Checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage),
    ///     Training = new PerceiverTrainingOptions { Epochs = 4, LearningRate = 1e-4 },
    /// }).Fit(reviews);
    /// ]]></code>
    /// </example>
    public static PerceiverTextClassificationEstimator PerceiverText(
        this RegressionCatalog.RegressionTrainers trainers, PerceiverTextClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new PerceiverTextClassificationEstimator(MlNetInternals.EnvironmentOf(trainers), options, LabelKind.Number);
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
