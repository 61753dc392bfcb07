using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace ObjectDetection;

public partial class MyModel
{
    /// <summary>The least probability of an object that is shown; the model gives improbable ones too, for its evaluation.</summary>
    public const float LeastScore = 0.5f;

    /// <summary>Where <see cref="PredictEngine"/> finds the model.</summary>
    public static string MLNetModelPath { get; set; } = Path.GetFullPath("MyModel.mlnet");

    /// <summary>A prediction engine over the saved model, made at the first use.</summary>
    public static readonly Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine = new(CreatePredictEngine, true);

    /// <summary>Use this method to find the objects of a <see cref="ModelInput"/>.</summary>
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
        /// <summary>The image.</summary>
        [ColumnName("Image")]
        [ImageType(Wardrobe.Side, Wardrobe.Side)]
        public MLImage? Image { get; set; }

        /// <summary>What each object is; not read for a prediction.</summary>
        [ColumnName("Label")]
        public string[] Label { get; set; } = [];

        /// <summary>Left, top, right and bottom edge of each object in pixels; not read for a prediction.</summary>
        [ColumnName("BoundingBoxes")]
        public float[] BoundingBoxes { get; set; } = [];
    }

    /// <summary>Model output class for MyModel.</summary>
    public class ModelOutput
    {
        /// <summary>What each object is that was found, the most probable first.</summary>
        [ColumnName("PredictedText")]
        public string[] PredictedLabel { get; set; } = [];

        /// <summary>Left, top, right and bottom edge of each in pixels.</summary>
        [ColumnName("PredictedBoundingBoxes")]
        public float[] PredictedBoundingBoxes { get; set; } = [];

        /// <summary>The probability of each label.</summary>
        [ColumnName("Score")]
        public float[] Score { get; set; } = [];
    }
}
