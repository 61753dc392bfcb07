using Microsoft.ML;
using Microsoft.ML.Data;

namespace TokenClassification;

public partial class MyModel
{
    /// <summary>Where <see cref="PredictEngine"/> finds the model.</summary>
    public static string MLNetModelPath { get; set; } = Path.GetFullPath("MyModel.mlnet");

    /// <summary>A prediction engine over the saved model, made at the first use.</summary>
    public static readonly Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine = new(CreatePredictEngine, true);

    /// <summary>Use this method to predict the tags of <see cref="ModelInput"/>.</summary>
    /// <param name="input">Model input.</param>
    public static ModelOutput Predict(ModelInput input) => PredictEngine.Value.Predict(input);

    private static PredictionEngine<ModelInput, ModelOutput> CreatePredictEngine()
    {
        var mlContext = new MLContext();
        ITransformer mlModel = mlContext.Model.LoadPerceiver(MLNetModelPath, out _);
        return mlContext.Model.CreatePredictionEngine<ModelInput, ModelOutput>(mlModel);
    }

    /// <summary>Model input class for MyModel.</summary>
    public class ModelInput
    {
        /// <summary>The text's words; punctuation marks are words of their own.</summary>
        [ColumnName("Words")]
        public string[] Words { get; set; } = [];

        /// <summary>The right tag of each word; not read for a prediction.</summary>
        [ColumnName("Labels")]
        public string[] Labels { get; set; } = [];
    }

    /// <summary>Model output class for MyModel.</summary>
    public class ModelOutput
    {
        /// <summary>The tag of each word.</summary>
        [ColumnName("PredictedTags")]
        public string[] PredictedTags { get; set; } = [];

        /// <summary>The probability of each word's tag.</summary>
        [ColumnName("Score")]
        public float[] Score { get; set; } = [];
    }
}
