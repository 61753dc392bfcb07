using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Samples;

namespace Arrays;

public partial class MyModel
{
    /// <summary>Trains the model of a table and saves it.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="trainSet">The training rows.</param>
    /// <param name="isFull">Whether to train twice as long.</param>
    /// <param name="outputModelPath">Where the model is saved.</param>
    internal static ITransformer Train(MLContext mlContext, IDataView trainSet, bool isFull, string outputModelPath)
    {
        var training = PerceiverPresets.ArrayTraining with { Epochs = isFull ? 16 : 15, BatchSize = isFull ? 64 : 32, LearningRate = 2e-3 };
        var model = TrainingConsole.Run("letters", training, options => BuildPipeline(mlContext, options).Fit(trainSet));
        SavedModel.Save(mlContext, model, trainSet, outputModelPath);
        return model;
    }

    /// <summary>Builds the pipeline that is used for training.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="training">How the Perceiver is trained.</param>
    public static IEstimator<ITransformer> BuildPipeline(MLContext mlContext, PerceiverTrainingOptions training) =>
        mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.MulticlassClassification.Trainers.PerceiverArray(new PerceiverArrayClassificationOptions
            {
                // The columns of a table stand in no order.
                Positions = PerceiverArrayPositions.Trainable,
                Training = training,
            }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
}
