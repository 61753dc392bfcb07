using Microsoft.ML;
using Microsoft.ML.Data;

namespace VideoClassification;

/// <summary>The model of films.</summary>
public partial class MyModel
{
    /// <summary>Where <see cref="PredictEngine"/> finds the model.</summary>
    public static string MLNetModelPath { get; set; } = Path.GetFullPath("MyModel.mlnet");

    /// <summary>A prediction engine over the saved model, made at the first use.</summary>
    public static readonly Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine = new(CreatePredictEngine, true);

    /// <summary>Use this method to classify a film.</summary>
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
        /// <summary>The folder of the film's frames.</summary>
        [ColumnName("Film")]
        public string Film { get; set; } = "";

        /// <summary>What happens in it; not read for a prediction.</summary>
        [ColumnName("Label")]
        public string Label { get; set; } = "";
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
