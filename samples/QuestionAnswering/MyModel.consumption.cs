using Microsoft.ML;
using Microsoft.ML.Data;

namespace QuestionAnswering;

public partial class MyModel
{
    /// <summary>Where <see cref="PredictEngine"/> finds the model.</summary>
    public static string MLNetModelPath { get; set; } = Path.GetFullPath("MyModel.mlnet");

    /// <summary>A prediction engine over the saved model, made at the first use.</summary>
    public static readonly Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine = new(CreatePredictEngine, true);

    /// <summary>Use this method to find the answer of <see cref="ModelInput"/>.</summary>
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
        /// <summary>The text that has the answer.</summary>
        [ColumnName("Context")]
        public string Context { get; set; } = "";

        /// <summary>The question.</summary>
        [ColumnName("Question")]
        public string Question { get; set; } = "";

        /// <summary>The right answer, a part of the context; not read for a prediction.</summary>
        [ColumnName("TrainingAnswer")]
        public string TrainingAnswer { get; set; } = "";

        /// <summary>The answer's first character in the context, counted from 0; not read for a prediction.</summary>
        [ColumnName("AnswerIndex")]
        public int AnswerIndex { get; set; }
    }

    /// <summary>Model output class for MyModel.</summary>
    public class ModelOutput
    {
        /// <summary>The likeliest answers, the best first.</summary>
        [ColumnName("PredictedAnswer")]
        public string[] PredictedAnswer { get; set; } = [];

        /// <summary>Their probabilities.</summary>
        [ColumnName("Score")]
        public float[] Score { get; set; } = [];
    }
}
