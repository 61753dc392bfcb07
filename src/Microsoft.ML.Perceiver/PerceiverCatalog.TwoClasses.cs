using Microsoft.ML.Perceiver;

namespace Microsoft.ML;

// Two classes of texts or images; those of arrays are with the other trainers of arrays.
public static partial class PerceiverCatalog
{
    /// <summary>Learns to tell two kinds of texts apart.</summary>
    /// <param name="trainers">The trainers of binary classification.</param>
    /// <param name="labelColumnName">The column with the label, a Boolean.</param>
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
    /// <returns>
    /// An estimator whose <c>Fit</c> trains a model; its transformer adds the score, the probability and the label that
    /// <c>mlContext.BinaryClassification.Evaluate</c> reads.
    /// </returns>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var messages = mlContext.Data.LoadFromEnumerable(
    ///     [new { Text = "See you at 7", Label = false }, new { Text = "You won", Label = true }]);
    /// using var model = mlContext.BinaryClassification.Trainers.PerceiverText().Fit(messages);
    /// float[] probabilities = model.Transform(messages).GetColumn<float>("Probability").ToArray();
    /// ]]></code>
    /// </example>
    public static PerceiverTextClassificationEstimator PerceiverText(
        this BinaryClassificationCatalog.BinaryClassificationTrainers trainers,
        string labelColumnName = "Label",
        string textColumnName = "Text",
        string? secondTextColumnName = null,
        PerceiverCheckpoint? checkpoint = null,
        PerceiverTrainingOptions? training = null,
        IDataView? validationSet = null) =>
        trainers.PerceiverText(TrainerOptions(labelColumnName, textColumnName, secondTextColumnName, checkpoint, training, validationSet));

    /// <summary>Learns to tell two kinds of texts apart.</summary>
    /// <param name="trainers">The trainers of binary classification.</param>
    /// <param name="options">The settings; training with the defaults where they name none.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds the score, the probability and the label.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Pairs of texts: whether a question was asked before.
    /// var mlContext = new MLContext(seed: 1);
    /// var pairs = mlContext.Data.LoadFromEnumerable(
    /// [
    ///     new { Question = "How old is she?", Other = "What is her age?", IsSame = true },
    ///     new { Question = "How old is she?", Other = "Where is she?", IsSame = false },
    /// ]);
    /// using var model = mlContext.BinaryClassification.Trainers.PerceiverText(new PerceiverTextClassificationOptions
    /// {
    ///     TextColumnName = "Question",
    ///     SecondTextColumnName = "Other",
    ///     LabelColumnName = "IsSame",
    ///     Checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage),
    ///     Training = new PerceiverTrainingOptions { Epochs = 4, LearningRate = 5e-4 },
    /// }).Fit(pairs);
    /// ]]></code>
    /// </example>
    public static PerceiverTextClassificationEstimator PerceiverText(
        this BinaryClassificationCatalog.BinaryClassificationTrainers trainers, PerceiverTextClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new PerceiverTextClassificationEstimator(MlNetInternals.EnvironmentOf(trainers), options, LabelKind.Truth);
    }

    /// <summary>Learns to tell two kinds of images apart.</summary>
    /// <param name="trainers">The trainers of binary classification.</param>
    /// <param name="labelColumnName">The column with the label, a Boolean.</param>
    /// <param name="imageColumnName">The column with the image: an MLImage, its pixels as a vector, or the bytes of its file.</param>
    /// <param name="checkpoint">The weights to start from; null for random ones of <see cref="PerceiverPresets.SmallImage"/>.</param>
    /// <param name="training">How to train; null for the defaults.</param>
    /// <param name="augmentation">How training images are varied; null leaves them as they are.</param>
    /// <param name="validationSet">Rows to choose the best epoch by; null sets a share of the training rows aside.</param>
    /// <returns>
    /// An estimator whose <c>Fit</c> trains a model; its transformer adds the score, the probability and the label that
    /// <c>mlContext.BinaryClassification.Evaluate</c> reads.
    /// </returns>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // The bytes of the files are read as they are.
    /// var mlContext = new MLContext(seed: 1);
    /// var parts = mlContext.Data.LoadFromEnumerable(
    ///     [new { Path = "a.jpg", IsBroken = true }, new { Path = "b.jpg", IsBroken = false }]);
    /// var model = mlContext.Transforms.LoadRawImageBytes("Image", imageFolder: "photographs", inputColumnName: "Path")
    ///     .Append(mlContext.BinaryClassification.Trainers.PerceiverImage("IsBroken"))
    ///     .Fit(parts);
    /// var metrics = mlContext.BinaryClassification.Evaluate(model.Transform(parts), "IsBroken");
    /// ]]></code>
    /// </example>
    public static PerceiverImageClassificationEstimator PerceiverImage(
        this BinaryClassificationCatalog.BinaryClassificationTrainers trainers,
        string labelColumnName = "Label",
        string imageColumnName = "Image",
        PerceiverCheckpoint? checkpoint = null,
        PerceiverTrainingOptions? training = null,
        PerceiverImageAugmentation? augmentation = null,
        IDataView? validationSet = null) =>
        trainers.PerceiverImage(ImageOptions(labelColumnName, imageColumnName, checkpoint, training, augmentation, validationSet));

    /// <summary>Learns to tell two kinds of images apart.</summary>
    /// <param name="trainers">The trainers of binary classification.</param>
    /// <param name="options">The settings; training with the defaults where they name none.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds the score, the probability and the label.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Starts from the bundled model of clothes.
    /// var mlContext = new MLContext(seed: 1);
    /// var photographs = mlContext.Data.LoadFromEnumerable(
    ///     [new { Path = "a.jpg", Label = true }, new { Path = "b.jpg", Label = false }]);
    /// var model = mlContext.Transforms.LoadPerceiverImages("Image", inputColumnName: "Path")
    ///     .Append(mlContext.BinaryClassification.Trainers.PerceiverImage(new PerceiverImageClassificationOptions
    ///     {
    ///         Checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniClothing),
    ///         Training = new PerceiverTrainingOptions { Epochs = 5, LearningRate = 3e-4 },
    ///     }))
    ///     .Fit(photographs);
    /// ]]></code>
    /// </example>
    public static PerceiverImageClassificationEstimator PerceiverImage(
        this BinaryClassificationCatalog.BinaryClassificationTrainers trainers, PerceiverImageClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new PerceiverImageClassificationEstimator(MlNetInternals.EnvironmentOf(trainers), options, LabelKind.Truth);
    }
}
