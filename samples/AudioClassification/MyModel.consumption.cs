using Microsoft.ML;

namespace AudioClassification;

/// <summary>The model of recordings.</summary>
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

    /// <summary>Predicts what a recording is of.</summary>
    /// <param name="input">The path of its file.</param>
    public static ModelOutput Predict(ModelInput input) => PredictEngine.Value.Predict(input);

    /// <summary>A file.</summary>
    public class ModelInput
    {
        /// <summary>Its path.</summary>
        public string Path { get; set; } = "";

        /// <summary>What it is of.</summary>
        public string Label { get; set; } = "";
    }

    /// <summary>What the model says of a file.</summary>
    public class ModelOutput
    {
        /// <summary>The most probable label.</summary>
        public string PredictedLabel { get; set; } = "";

        /// <summary>The probability of each label.</summary>
        public float[] Score { get; set; } = [];
    }
}
