using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;
using Microsoft.ML.Transforms;
using Samples;

namespace ImageClassification;

public partial class MyModel
{
    /// <summary>Where <see cref="PredictEngine"/> finds the model; null for the bundled one.</summary>
    public static string? MLNetModelPath { get; set; } = Path.GetFullPath("MyModel.mlnet");

    /// <summary>A prediction engine over the saved model, made at the first use.</summary>
    public static readonly Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine = new(CreatePredictEngine, true);

    /// <summary>Use this method to predict the label of <see cref="ModelInput"/>.</summary>
    /// <param name="input">Model input.</param>
    public static ModelOutput Predict(ModelInput input) => PredictEngine.Value.Predict(input);

    /// <summary>All labels with their probabilities, the most probable first.</summary>
    /// <param name="input">Model input.</param>
    public static IOrderedEnumerable<KeyValuePair<string, float>> PredictAllLabels(ModelInput input) =>
        GetSortedScoresWithLabels(GetLabels(), PredictEngine.Value.Predict(input));

    /// <summary>Maps the scores of a prediction to the labels, the most probable first.</summary>
    /// <param name="labels">The labels in the order of the scores.</param>
    /// <param name="result">Prediction to get the labeled scores from.</param>
    public static IOrderedEnumerable<KeyValuePair<string, float>> GetSortedScoresWithLabels(
        IEnumerable<string> labels, ModelOutput result) =>
        labels.Zip(result.Score, KeyValuePair.Create).OrderByDescending(c => c.Value);

    /// <summary>The labels in the order of the scores.</summary>
    public static IEnumerable<string> GetLabels() => SavedModel.Labels(PredictEngine.Value.OutputSchema);

    private static PredictionEngine<ModelInput, ModelOutput> CreatePredictEngine()
    {
        var mlContext = new MLContext();
        if (MLNetModelPath is null)
            return mlContext.Model.CreatePredictionEngine<ModelInput, ModelOutput>(Bundled(mlContext));
        ITransformer mlModel = mlContext.Model.LoadPerceiver(MLNetModelPath, out var schema);
        return schema.GetColumnOrNull("ImageSource") is not null
            ? mlContext.Model.CreatePredictionEngine<ModelInput, ModelOutput>(mlModel)
            : throw new ArgumentException($"The model '{MLNetModelPath}' reads vectors of pixels, not files of images.");
    }

    // A pipeline without training needs no rows, only their schema.
    private static TransformerChain<KeyToValueMappingTransformer> Bundled(MLContext mlContext) =>
        mlContext.Transforms.LoadPerceiverImages("Image", imageFolder: null, "ImageSource")
            .Append(mlContext.Transforms.PerceiverImageClassification(PerceiverCheckpoint.Bundled(BundledModels.MiniClothing), "Image"))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedText", "PredictedLabel"))
            .Fit(mlContext.Data.LoadFromEnumerable(Array.Empty<ModelInput>()));

    /// <summary>Model input class for MyModel.</summary>
    public class ModelInput
    {
        /// <summary>The right label; not read for a prediction.</summary>
        [LoadColumn(0)]
        [ColumnName("Label")]
        public string Label { get; set; } = "";

        /// <summary>The image's file.</summary>
        [LoadColumn(1)]
        [ColumnName("ImageSource")]
        public string ImageSource { get; set; } = "";
    }

    /// <summary>Model output class for MyModel.</summary>
    public class ModelOutput
    {
        /// <summary>The most probable label.</summary>
        [ColumnName("PredictedText")]
        public string PredictedLabel { get; set; } = "";

        /// <summary>The probability of each label.</summary>
        [ColumnName("Score")]
        public float[] Score { get; set; } = [];
    }
}
