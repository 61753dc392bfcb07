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
    /// <returns>An estimator that adds the filled text, the ranked fillings and their log-probabilities.</returns>
    /// <exception cref="ArgumentException">A name is empty, or a number out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var texts = mlContext.Data.LoadFromEnumerable([new { Text = "It was a dark and st[MASK]rmy ni[MASK][MASK]t." }]);
    /// var checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage);
    /// using var model = mlContext.Transforms.PerceiverFillMask(checkpoint, topK: 3).Fit(texts);
    /// Console.WriteLine(model.Transform(texts).GetColumn<string>("FilledText").Single());
    /// ]]></code>
    /// </example>
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
    /// <returns>An estimator that adds the filled text, the ranked fillings and their log-probabilities.</returns>
    /// <exception cref="ArgumentException">A setting is out of range, or there is neither a checkpoint nor training.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Continues the training of a language model on texts of one's own.
    /// var mlContext = new MLContext(seed: 1);
    /// var texts = mlContext.Data.LoadFromTextFile("texts.txt", [new TextLoader.Column("Text", DataKind.String, 0)]);
    /// using var model = mlContext.Transforms.PerceiverFillMask(new PerceiverFillMaskOptions
    /// {
    ///     Checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage),
    ///     Training = new PerceiverTrainingOptions { Epochs = 3, LearningRate = 5e-4 },
    ///     Masking = new PerceiverMaskedLanguageOptions { MaskProbability = 0.25 },
    /// }).Fit(texts);
    /// model.SavePretrained("language-model");
    /// ]]></code>
    /// </example>
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
    /// <param name="imageColumnName">The column with the image, an MLImage, its pixels or its file; null for features of texts.</param>
    /// <returns>An estimator that adds the column of features.</returns>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Features of texts for one of ML.NET's own trainers.
    /// var mlContext = new MLContext(seed: 1);
    /// var texts = mlContext.Data.LoadFromEnumerable(
    ///     [new { Text = "Lovely weather", Label = true }, new { Text = "Dreadful", Label = false }]);
    /// using var model = mlContext.Transforms.PerceiverFeatures(PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage))
    ///     .Append(mlContext.BinaryClassification.Trainers.SdcaLogisticRegression())
    ///     .Fit(texts);
    /// ]]></code>
    /// </example>
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
    /// <returns>An estimator that adds the column of features.</returns>
    /// <exception cref="ArgumentException">A setting is out of range, or there is no checkpoint.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // All latents of each text, in bfloat16, for texts of up to 256 bytes.
    /// var mlContext = new MLContext(seed: 1);
    /// var texts = mlContext.Data.LoadFromEnumerable([new { Text = "Lovely weather" }]);
    /// using var model = mlContext.Transforms.PerceiverFeatures(new PerceiverFeaturesOptions
    /// {
    ///     Checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage),
    ///     Kind = PerceiverFeaturesKind.AllLatents,
    ///     Precision = PerceiverPrecision.BFloat16,
    ///     MaxLength = 256,
    /// }).Fit(texts);
    /// Console.WriteLine(model.Transform(texts).GetColumn<float[]>("Features").Single().Length);
    /// ]]></code>
    /// </example>
    public static PerceiverFeaturesEstimator PerceiverFeatures(this TransformsCatalog catalog, PerceiverFeaturesOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PerceiverFeaturesEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }
}
