using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Transforms;
using Samples;

namespace VideoClassification;

public partial class MyModel
{
    // Frames of each film that are read, and their height and width.
    private const int Frames = FilmMaker.Frames, Side = 32;

    // Frames, rows and columns of a patch, which is one input of the model.
    private static readonly int[] s_patch = [2, 8, 8];

    // Twice the latents of the preset: 5 x 4 x 4 patches are more than it is for.
    private static readonly PerceiverCheckpoint s_start = PerceiverCheckpoint.FromConfig(
        PerceiverPresets.SmallArray with { NumLatents = 64 }, initialization: PerceiverInitialization.LocalArray);

    /// <summary>Trains a model and saves it.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="data">The films.</param>
    /// <param name="training">How it is trained.</param>
    /// <param name="outputModelPath">Where the model is saved.</param>
    internal static ITransformer Train(MLContext mlContext, DataSet data, PerceiverTrainingOptions training, string outputModelPath)
    {
        var model = TrainingConsole.Run("films", training, options => RetrainModel(mlContext, data, options));
        SavedModel.Save(mlContext, model, data.Rows(data.Test), outputModelPath);
        return model;
    }

    /// <summary>Trains the whole: labels to keys, folders to films, the Perceiver, keys back to labels.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="data">The films.</param>
    /// <param name="training">How it is trained.</param>
    internal static ITransformer RetrainModel(MLContext mlContext, DataSet data, PerceiverTrainingOptions training)
    {
        var train = data.Rows(data.Train);
        // The validation rows go through the very same keys as the training rows.
        var preparation = mlContext.Transforms.Conversion
            .MapValueToKey("LabelKey", "Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(LoadFrames(mlContext, Side))
            .Fit(train);
        var validation = preparation.Transform(data.Rows(data.Validation));
        var model = BuildPipeline(mlContext, training, validation).Fit(preparation.Transform(train));
        return new TransformerChain<ITransformer>(preparation, model);
    }

    /// <summary>Reads the frames of a film in grey.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="side">Height and width of a frame.</param>
    internal static PerceiverFrameLoadingEstimator LoadFrames(MLContext mlContext, int side) => mlContext.Transforms.LoadPerceiverFrames(
        "Features", inputColumnName: "Film", frames: Frames, height: side, width: side, grayscale: true);

    /// <summary>The pipeline behind the frames: the Perceiver, and keys back to labels.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="training">How it is trained.</param>
    /// <param name="validationSet">Prepared rows to choose the best epoch by.</param>
    internal static EstimatorChain<KeyToValueMappingTransformer> BuildPipeline(
        MLContext mlContext, PerceiverTrainingOptions training, IDataView validationSet) =>
        mlContext.MulticlassClassification.Trainers.PerceiverArray(new PerceiverArrayClassificationOptions
        {
            LabelColumnName = "LabelKey",
            Patch = s_patch,
            Checkpoint = s_start,
            Training = training,
            ValidationSet = validationSet,
        }).Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedText", "PredictedLabel"));
}
