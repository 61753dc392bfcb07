using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Samples;

namespace QuestionAnswering;

public partial class MyModel
{
    /// <summary>Trains a model and saves it.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="checkpoint">The weights to start from.</param>
    /// <param name="training">How to train.</param>
    /// <param name="trainSet">The training rows.</param>
    /// <param name="outputModelPath">Where the model is saved.</param>
    public static ITransformer Train(
        MLContext mlContext, PerceiverCheckpoint checkpoint, PerceiverTrainingOptions training, IDataView trainSet, string outputModelPath)
    {
        var model = TrainingConsole.Run("answers", training, options => RetrainModel(mlContext, checkpoint, options, trainSet));
        SavedModel.Save(mlContext, model, trainSet, outputModelPath);
        return model;
    }

    /// <summary>Trains the pipeline on training rows.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="checkpoint">The weights to start from.</param>
    /// <param name="training">How to train.</param>
    /// <param name="trainSet">The training rows.</param>
    public static ITransformer RetrainModel(
        MLContext mlContext, PerceiverCheckpoint checkpoint, PerceiverTrainingOptions training, IDataView trainSet) =>
        BuildPipeline(mlContext, checkpoint, training).Fit(trainSet);

    /// <summary>The pipeline: the Perceiver reads question and context, and marks the answer.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="checkpoint">The weights to start from.</param>
    /// <param name="training">How to train.</param>
    public static IEstimator<ITransformer> BuildPipeline(
        MLContext mlContext, PerceiverCheckpoint checkpoint, PerceiverTrainingOptions training) =>
        mlContext.MulticlassClassification.Trainers.PerceiverQuestionAnswer(checkpoint: checkpoint, training: training);
}
