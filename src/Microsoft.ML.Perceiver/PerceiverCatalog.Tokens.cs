using Microsoft.ML.Perceiver;

namespace Microsoft.ML;

/// <summary>What concerns the words of texts.</summary>
public static partial class PerceiverCatalog
{
    /// <summary>Gives every word of a text a label with a trained Perceiver.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="checkpoint">The weights, with the labels in their configuration.</param>
    /// <param name="textColumnName">The column with the text, or with its words.</param>
    /// <param name="scoreColumnName">The column for the probability of each word's label.</param>
    /// <param name="predictedLabelColumnName">The column for the label of each word.</param>
    /// <returns>An estimator that adds the label of each word, its probability, and the spans.</returns>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Labels each word with a model that SavePretrained wrote to a folder.
    /// var mlContext = new MLContext();
    /// var texts = mlContext.Data.LoadFromEnumerable([new { Text = "The old man spoke slowly" }]);
    /// using var model = mlContext.Transforms.PerceiverTokenClassification(PerceiverCheckpoint.FromDirectory("word-model")).Fit(texts);
    /// string[] labels = model.Transform(texts).GetColumn<string[]>("PredictedLabel").Single();
    /// ]]></code>
    /// </example>
    public static PerceiverTokenClassificationEstimator PerceiverTokenClassification(
        this TransformsCatalog catalog,
        PerceiverCheckpoint checkpoint,
        string textColumnName = "Text",
        string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel") =>
        catalog.PerceiverTokenClassification(new PerceiverTokenClassificationOptions
        {
            Checkpoint = checkpoint,
            TextColumnName = textColumnName,
            ScoreColumnName = scoreColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
        });

    /// <summary>Gives every word of a text a label with a Perceiver.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">The settings.</param>
    /// <returns>An estimator that adds the label of each word, its probability, and the spans.</returns>
    /// <exception cref="ArgumentException">A setting is out of range, or there is neither a checkpoint nor training.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext();
    /// var texts = mlContext.Data.LoadFromEnumerable([new { Text = "The old man spoke slowly" }]);
    /// using var model = mlContext.Transforms.PerceiverTokenClassification(new PerceiverTokenClassificationOptions
    /// {
    ///     Checkpoint = PerceiverCheckpoint.FromDirectory("word-model"),
    ///     LongText = PerceiverLongTextHandling.Refuse,
    /// }).Fit(texts);
    /// ]]></code>
    /// </example>
    public static PerceiverTokenClassificationEstimator PerceiverTokenClassification(
        this TransformsCatalog catalog, PerceiverTokenClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PerceiverTokenClassificationEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }

    /// <summary>Learns to label the words of texts.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="labelColumnName">The column with a label for each word, a vector of keys.</param>
    /// <param name="textColumnName">The column with the text, or with its words.</param>
    /// <param name="checkpoint">The weights to start from; null for random ones of <see cref="PerceiverPresets.SmallText"/>.</param>
    /// <param name="training">How to train; null for the defaults.</param>
    /// <param name="validationSet">Rows to choose the best epoch by; null sets a share of the training rows aside.</param>
    /// <returns>
    /// An estimator whose <c>Fit</c> trains a model; its transformer adds the label of each word, its probability, and the spans.
    /// </returns>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // A label for each word of a text.
    /// var mlContext = new MLContext(seed: 1);
    /// var texts = mlContext.Data.LoadFromEnumerable(
    /// [
    ///     new Sentence { Text = ["Birds", "sing"], Label = ["noun", "verb"] },
    ///     new Sentence { Text = ["Old", "dogs", "sleep"], Label = ["adjective", "noun", "verb"] },
    /// ]);
    /// var model = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(mlContext.MulticlassClassification.Trainers.PerceiverTokens())
    ///     .Fit(texts);
    ///
    /// class Sentence
    /// {
    ///     public string[] Text { get; set; } = [];
    ///     public string[] Label { get; set; } = [];
    /// }
    /// ]]></code>
    /// </example>
    public static PerceiverTokenClassificationEstimator PerceiverTokens(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers,
        string labelColumnName = "Label",
        string textColumnName = "Text",
        PerceiverCheckpoint? checkpoint = null,
        PerceiverTrainingOptions? training = null,
        IDataView? validationSet = null) =>
        trainers.PerceiverTokens(new PerceiverTokenClassificationOptions
        {
            LabelColumnName = labelColumnName,
            TextColumnName = textColumnName,
            Checkpoint = checkpoint,
            Training = training,
            ValidationSet = validationSet,
        });

    /// <summary>Learns to label the words, or spans, of texts.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="options">The settings; training with the defaults where they name none.</param>
    /// <returns>
    /// An estimator whose <c>Fit</c> trains a model; its transformer adds the label of each word, its probability, and the spans.
    /// </returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var trainer = mlContext.MulticlassClassification.Trainers.PerceiverTokens(new PerceiverTokenClassificationOptions
    /// {
    ///     Checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage),
    ///     Training = new PerceiverTrainingOptions { Epochs = 4, LearningRate = 5e-4 },
    /// });
    /// ]]></code>
    /// </example>
    public static PerceiverTokenClassificationEstimator PerceiverTokens(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers, PerceiverTokenClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new PerceiverTokenClassificationEstimator(MlNetInternals.EnvironmentOf(trainers), options, new PerceiverTrainingOptions());
    }
}
