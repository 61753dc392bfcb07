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
    /// <exception cref="ArgumentException">A name is empty.</exception>
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
    /// <exception cref="ArgumentException">A setting is out of range, or there is neither a checkpoint nor training.</exception>
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
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
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
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static PerceiverTokenClassificationEstimator PerceiverTokens(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers, PerceiverTokenClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new PerceiverTokenClassificationEstimator(MlNetInternals.EnvironmentOf(trainers), options, isTrainer: true);
    }
}
