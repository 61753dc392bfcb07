using Microsoft.ML;
using Microsoft.ML.Perceiver;

namespace TextClassification;

public partial class MyModel
{
    /// <summary>Trains a model on a data set and saves it.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="data">The data set.</param>
    /// <param name="trainSet">Its training rows.</param>
    /// <param name="outputModelPath">Where the model is saved.</param>
    /// <param name="progress">Told of every step.</param>
    internal static ITransformer Train(MLContext mlContext, DataSet data, IDataView trainSet, string outputModelPath, Action<TrainingProgress> progress)
    {
        var model = BuildPipeline(mlContext, data, progress).Fit(trainSet);
        SaveModel(mlContext, model, trainSet, outputModelPath);
        return model;
    }

    /// <summary>Saves a model at the given path.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="model">The model.</param>
    /// <param name="data">Data of the schema that the model was trained with.</param>
    /// <param name="modelSavePath">Where the model is saved.</param>
    public static void SaveModel(MLContext mlContext, ITransformer model, IDataView data, string modelSavePath)
    {
        using var stream = File.Create(modelSavePath);
        mlContext.Model.Save(model, data.Schema, stream);
    }

    /// <summary>The pipeline: labels to keys, the Perceiver, keys back to labels.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="data">The data set, which says how to train.</param>
    /// <param name="progress">Told of every step.</param>
    internal static IEstimator<ITransformer> BuildPipeline(MLContext mlContext, DataSet data, Action<TrainingProgress> progress) =>
        mlContext.Transforms.Conversion.MapValueToKey("LabelKey", "Label", addKeyValueAnnotationsAsText: false)
            .Append(mlContext.MulticlassClassification.Trainers.PerceiverText(
                labelColumnName: "LabelKey",
                textColumnName: "Text",
                checkpoint: PerceiverCheckpoint.FromConfig(data.Config, seed: 1),
                training: data.Training with { Progress = progress }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedText", "PredictedLabel"));
}
