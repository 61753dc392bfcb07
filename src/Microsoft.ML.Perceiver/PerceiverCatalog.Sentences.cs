using Microsoft.ML.Perceiver;

namespace Microsoft.ML;

// Vectors of texts.
public static partial class PerceiverCatalog
{
    /// <summary>Turns texts into vectors of length one, so that texts of like meaning have a large cosine.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="checkpoint">The weights of a <see cref="PerceiverForSentenceEmbedding"/>.</param>
    /// <param name="outputColumnName">The column for the vector.</param>
    /// <param name="inputColumnName">The column with the text.</param>
    /// <param name="precision">The number format of the computation; the vectors are float32 in any.</param>
    /// <returns>An estimator that adds the vector.</returns>
    /// <exception cref="ArgumentException">A name is empty, or the checkpoint is of another head.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // The cosine of two texts, with an encoder that SavePretrained wrote to a folder.
    /// var mlContext = new MLContext(seed: 1);
    /// var texts = mlContext.Data.LoadFromEnumerable([new { Text = "Where is my card?" }, new { Text = "The card has not arrived" }]);
    /// using var encoder = mlContext.Transforms.PerceiverSentenceEmbedding(PerceiverCheckpoint.FromDirectory("sentence-model")).Fit(texts);
    /// float[][] vectors = encoder.Transform(texts).GetColumn<float[]>("Embedding").ToArray();
    /// float cosine = vectors[0].Zip(vectors[1], (a, b) => a * b).Sum();
    /// ]]></code>
    /// </example>
    public static PerceiverSentenceEmbeddingEstimator PerceiverSentenceEmbedding(
        this TransformsCatalog catalog,
        PerceiverCheckpoint checkpoint,
        string outputColumnName = "Embedding",
        string inputColumnName = "Text",
        PerceiverPrecision precision = PerceiverPrecision.Float32) =>
        catalog.PerceiverSentenceEmbedding(outputColumnName, inputColumnName, new PerceiverSentenceEmbeddingOptions
        {
            Checkpoint = checkpoint,
            Precision = precision,
        });

    /// <summary>Turns texts into vectors of length one, with other settings than the columns.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column for the vector, whatever the settings name.</param>
    /// <param name="inputColumnName">The column with the text, whatever the settings name.</param>
    /// <param name="options">The other settings; with training, its label is the column with a teacher's vectors.</param>
    /// <returns>An estimator that adds the vector; with training, its <c>Fit</c> learns to give the teacher's.</returns>
    /// <exception cref="ArgumentException">A setting is out of range, or there is neither a checkpoint nor training.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // A smaller encoder learns to give the vectors of another one.
    /// var mlContext = new MLContext(seed: 1);
    /// var texts = mlContext.Data.LoadFromEnumerable(
    /// [
    ///     new Sentence { Text = "Where is my card?", Vector = [0.8f, 0.6f, 0] },
    ///     new Sentence { Text = "It rains", Vector = [0, 0, 1] },
    /// ]);
    /// using var encoder = mlContext.Transforms.PerceiverSentenceEmbedding("Embedding", "Text", new PerceiverSentenceEmbeddingOptions
    /// {
    ///     Checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage),
    ///     LabelColumnName = "Vector",
    ///     Training = new PerceiverTrainingOptions { Epochs = 2, BatchSize = 32, LearningRate = 1e-3 },
    ///     Distillation = new PerceiverDistillationOptions { Augmentation = new PerceiverTextAugmentation() },
    /// }).Fit(texts);
    ///
    /// class Sentence
    /// {
    ///     public string Text { get; set; } = "";
    ///     [VectorType(3)] public float[] Vector { get; set; } = [];
    /// }
    /// ]]></code>
    /// </example>
    public static PerceiverSentenceEmbeddingEstimator PerceiverSentenceEmbedding(
        this TransformsCatalog catalog, string outputColumnName, string inputColumnName, PerceiverSentenceEmbeddingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var named = options.Copy<PerceiverSentenceEmbeddingOptions>();
        named.OutputColumnName = outputColumnName;
        named.TextColumnName = inputColumnName;
        return catalog.PerceiverSentenceEmbedding(named);
    }

    /// <summary>Turns texts into vectors of length one.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">The settings; with training, its label is the column with a teacher's vectors.</param>
    /// <returns>An estimator that adds the vector; with training, its <c>Fit</c> learns to give the teacher's.</returns>
    /// <exception cref="ArgumentException">A setting is out of range, or there is neither a checkpoint nor training.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // In bfloat16, of texts of at most 128 bytes.
    /// var mlContext = new MLContext(seed: 1);
    /// var texts = mlContext.Data.LoadFromEnumerable([new { Text = "Where is my card?" }]);
    /// using var encoder = mlContext.Transforms.PerceiverSentenceEmbedding(new PerceiverSentenceEmbeddingOptions
    /// {
    ///     Checkpoint = PerceiverCheckpoint.FromDirectory("sentence-model"),
    ///     Precision = PerceiverPrecision.BFloat16,
    ///     MaxLength = 130,
    /// }).Fit(texts);
    /// ]]></code>
    /// </example>
    public static PerceiverSentenceEmbeddingEstimator PerceiverSentenceEmbedding(
        this TransformsCatalog catalog, PerceiverSentenceEmbeddingOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PerceiverSentenceEmbeddingEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }

    /// <summary>Learns to say how alike two texts are, in the columns of ML.NET's own <c>SentenceSimilarity</c>.</summary>
    /// <param name="trainers">The trainers of regression.</param>
    /// <param name="labelColumnName">The column with the likeness, a Single in any unit.</param>
    /// <param name="sentence1ColumnName">The column with the first text.</param>
    /// <param name="sentence2ColumnName">The column with the second text.</param>
    /// <param name="scoreColumnName">The column for the likeness.</param>
    /// <param name="checkpoint">The weights to start from; null for random ones of <see cref="PerceiverPresets.SmallText"/>.</param>
    /// <param name="training">How to train; null for the defaults.</param>
    /// <param name="validationSet">Rows to choose the best epoch by; null sets a share of the training rows aside.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds the likeness in the labels' unit.</returns>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var pairs = mlContext.Data.LoadFromEnumerable(
    /// [
    ///     new { Sentence1 = "A man plays a guitar", Sentence2 = "Someone makes music", Label = 4f },
    ///     new { Sentence1 = "A man plays a guitar", Sentence2 = "It rains", Label = 0f },
    /// ]);
    /// using var model = mlContext.Regression.Trainers.PerceiverSentenceSimilarity().Fit(pairs);
    /// float[] likeness = model.Transform(pairs).GetColumn<float>("Score").ToArray();
    /// ]]></code>
    /// </example>
    public static PerceiverSentenceSimilarityEstimator PerceiverSentenceSimilarity(
        this RegressionCatalog.RegressionTrainers trainers,
        string labelColumnName = "Label",
        string sentence1ColumnName = "Sentence1",
        string sentence2ColumnName = "Sentence2",
        string scoreColumnName = "Score",
        PerceiverCheckpoint? checkpoint = null,
        PerceiverTrainingOptions? training = null,
        IDataView? validationSet = null) =>
        trainers.PerceiverSentenceSimilarity(new PerceiverSentenceSimilarityOptions
        {
            LabelColumnName = labelColumnName,
            TextColumnName = sentence1ColumnName,
            SecondTextColumnName = sentence2ColumnName,
            ScoreColumnName = scoreColumnName,
            Checkpoint = checkpoint,
            Training = training,
            ValidationSet = validationSet,
        });

    /// <summary>Learns to say how alike two texts are.</summary>
    /// <param name="trainers">The trainers of regression.</param>
    /// <param name="options">The settings; training with the defaults where they name none.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds the likeness in the labels' unit.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var trainer = mlContext.Regression.Trainers.PerceiverSentenceSimilarity(new PerceiverSentenceSimilarityOptions
    /// {
    ///     Checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage),
    ///     Training = new PerceiverTrainingOptions { Epochs = 4, LearningRate = 2e-4 },
    /// });
    /// ]]></code>
    /// </example>
    public static PerceiverSentenceSimilarityEstimator PerceiverSentenceSimilarity(
        this RegressionCatalog.RegressionTrainers trainers, PerceiverSentenceSimilarityOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new PerceiverSentenceSimilarityEstimator(MlNetInternals.EnvironmentOf(trainers), options);
    }
}
