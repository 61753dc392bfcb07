using Microsoft.ML;
using Microsoft.ML.Data;
using Samples;

namespace TextClassification;

public partial class MyModel
{
    /// <summary>Where <see cref="PredictEngine"/> finds the model.</summary>
    public static string MLNetModelPath { get; set; } = Path.GetFullPath("MyModel.mlnet");

    /// <summary>A prediction engine over the saved model, made at the first use.</summary>
    public static readonly Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine = new(CreatePredictEngine, true);

    /// <summary>Use this method to predict the label of <see cref="ModelInput"/>.</summary>
    /// <param name="input">Model input.</param>
    public static ModelOutput Predict(ModelInput input) => PredictEngine.Value.Predict(input);

    /// <summary>All labels with their probabilities, the most probable first.</summary>
    /// <param name="input">Model input.</param>
    public static IOrderedEnumerable<KeyValuePair<string, float>> PredictAllLabels(ModelInput input) =>
        GetSortedScoresWithLabels(PredictEngine.Value.Predict(input));

    /// <summary>Maps the scores of a prediction to the labels, the most probable first.</summary>
    /// <param name="result">Prediction to get the labeled scores from.</param>
    public static IOrderedEnumerable<KeyValuePair<string, float>> GetSortedScoresWithLabels(ModelOutput result) =>
        GetLabels().Zip(result.Score, KeyValuePair.Create).OrderByDescending(c => c.Value);

    /// <summary>The labels in the order of the scores.</summary>
    public static IEnumerable<string> GetLabels() => SavedModel.Labels(PredictEngine.Value.OutputSchema);

    private static PredictionEngine<ModelInput, ModelOutput> CreatePredictEngine()
    {
        var mlContext = new MLContext();
        ITransformer mlModel = mlContext.Model.LoadPerceiver(MLNetModelPath, out _);
        return mlContext.Model.CreatePredictionEngine<ModelInput, ModelOutput>(mlModel);
    }

    /// <summary>Model input class for MyModel.</summary>
    public class ModelInput
    {
        /// <summary>The right label; not read for a prediction.</summary>
        [LoadColumn(0)]
        [ColumnName("Label")]
        public string Label { get; set; } = "";

        /// <summary>The text.</summary>
        [LoadColumn(1)]
        [ColumnName("Text")]
        public string Text { get; set; } = "";
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
