using Microsoft.ML;
using Microsoft.ML.Data;

namespace Arrays;

/// <summary>The model of a table.</summary>
public partial class MyModel
{
    /// <summary>The file of the model.</summary>
    public static string MLNetModelPath { get; set; } = Path.GetFullPath("MyModel.mlnet");

    private static readonly Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine = new(() =>
    {
        var mlContext = new MLContext();
        var model = mlContext.Model.LoadPerceiver(MLNetModelPath, out _);
        return mlContext.Model.CreatePredictionEngine<ModelInput, ModelOutput>(model);
    });

    /// <summary>Predicts the letter of one row.</summary>
    /// <param name="input">The row.</param>
    public static ModelOutput Predict(ModelInput input) => PredictEngine.Value.Predict(input);

    /// <summary>A row.</summary>
    public class ModelInput
    {
        /// <summary>The letter.</summary>
        public string Label { get; set; } = "";

        /// <summary>The numbers.</summary>
        [VectorType(16)]
        public float[] Features { get; set; } = new float[16];
    }

    /// <summary>What the model says of a row.</summary>
    public class ModelOutput
    {
        /// <summary>The most probable letter.</summary>
        public string PredictedLabel { get; set; } = "";

        /// <summary>The probability of each letter.</summary>
        public float[] Score { get; set; } = [];
    }
}
