using Microsoft.ML;
using Microsoft.ML.Data;

namespace SemanticSearch;

public partial class MyModel
{
    /// <summary>Where <see cref="PredictEngine"/> finds the model.</summary>
    public static string MLNetModelPath { get; set; } = Path.GetFullPath("MyModel.mlnet");

    /// <summary>A prediction engine over the saved model, made at the first use.</summary>
    public static readonly Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine = new(CreatePredictEngine, true);

    /// <summary>Use this method to compute the vector of <see cref="ModelInput"/>.</summary>
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
        /// <summary>The text.</summary>
        [LoadColumn(0)]
        [ColumnName("Text")]
        public string Text { get; set; } = "";
    }

    /// <summary>Model output class for MyModel.</summary>
    public class ModelOutput
    {
        /// <summary>The text's vector, of length one.</summary>
        [ColumnName("Embedding")]
        public float[] Embedding { get; set; } = [];
    }
}
