using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;

namespace OpticalFlow;

public partial class MyModel
{
    /// <summary>The checkpoint's folder that <see cref="PredictEngine"/> reads; null for the bundled model.</summary>
    public static string? MLNetModelPath { get; set; }

    /// <summary>A prediction engine over the model, made at the first use.</summary>
    public static readonly Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine = new(CreatePredictEngine, true);

    /// <summary>Use this method to find the motion between the frames of <see cref="ModelInput"/>.</summary>
    /// <param name="input">Model input.</param>
    public static ModelOutput Predict(ModelInput input) => PredictEngine.Value.Predict(input);

    /// <summary>A prediction as flow.</summary>
    /// <param name="result">Prediction to get the flow from.</param>
    public static PerceiverFlowField GetFlow(ModelOutput result) => new(result.FlowHeight, result.FlowWidth, result.Flow);

    internal static PerceiverCheckpoint Checkpoint =>
        MLNetModelPath is null ? PerceiverCheckpoint.Bundled(BundledModels.MiniFlow) : PerceiverCheckpoint.FromDirectory(MLNetModelPath);

    // A pipeline without training needs no rows, only their schema.
    private static PredictionEngine<ModelInput, ModelOutput> CreatePredictEngine()
    {
        var mlContext = new MLContext();
        ITransformer mlModel = BuildPipeline(mlContext, Checkpoint).Fit(mlContext.Data.LoadFromEnumerable(Array.Empty<ModelInput>()));
        return mlContext.Model.CreatePredictionEngine<ModelInput, ModelOutput>(mlModel);
    }

    /// <summary>Model input class for MyModel.</summary>
    public class ModelInput
    {
        /// <summary>The file of a frame.</summary>
        [LoadColumn(0)]
        [ColumnName("First")]
        public string First { get; set; } = "";

        /// <summary>The file of the next one.</summary>
        [LoadColumn(1)]
        [ColumnName("Second")]
        public string Second { get; set; } = "";
    }

    /// <summary>Model output class for MyModel.</summary>
    public class ModelOutput
    {
        /// <summary>Rightward and downward motion of each pixel, in pixels, row by row.</summary>
        [ColumnName("Flow")]
        public float[] Flow { get; set; } = [];

        /// <summary>The frames' height.</summary>
        [ColumnName("FlowHeight")]
        public int FlowHeight { get; set; }

        /// <summary>The frames' width.</summary>
        [ColumnName("FlowWidth")]
        public int FlowWidth { get; set; }
    }
}
