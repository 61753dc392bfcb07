using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Transforms;
using Samples;

namespace ObjectDetection;

public partial class MyModel
{
    // Rows below it would add nothing to the average precision but time.
    private const double ScoreThreshold = 0.02;

    private static readonly PerceiverImageProcessorOptions Processor = new()
    {
        DoCenterCrop = false,
        CropSize = new(Wardrobe.Side),
        Size = new(Wardrobe.Side),
    };

    private static readonly PerceiverImageAugmentation Augmentation = new()
    {
        HorizontalFlip = true,
        MaxShift = 0.08,
        Brightness = 0.1,
        Contrast = 0.2,
    };

    /// <summary>The folder that the bundled photographs to cut out of are in.</summary>
    public static readonly string RetrainFilePath = Path.Combine(Wardrobe.DefaultFolder, "train");

    /// <summary>Trains a model and saves it.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="data">The scenes.</param>
    /// <param name="training">How it is trained.</param>
    /// <param name="outputModelPath">Where the model is saved.</param>
    internal static Trained Train(MLContext mlContext, Wardrobe data, PerceiverTrainingOptions training, string outputModelPath)
    {
        var model = TrainingConsole.Run("objects", training, options => RetrainModel(mlContext, data, options));
        SaveModel(mlContext, model.Pipeline, Wardrobe.Rows(mlContext, data.Test), outputModelPath);
        return model;
    }

    /// <summary>Saves a model at the given path.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="model">The model.</param>
    /// <param name="data">Data of the schema that the model was trained with.</param>
    /// <param name="modelSavePath">Where the model is saved.</param>
    public static void SaveModel(MLContext mlContext, ITransformer model, IDataView data, string modelSavePath) =>
        SavedModel.Save(mlContext, model, data, modelSavePath);

    /// <summary>Trains the whole: labels to keys, the Perceiver, keys back to labels.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="data">The scenes.</param>
    /// <param name="training">How it is trained.</param>
    internal static Trained RetrainModel(MLContext mlContext, Wardrobe data, PerceiverTrainingOptions training)
    {
        var train = Wardrobe.Rows(mlContext, data.Train);
        // The validation rows go through the very same keys as the training rows.
        var keys = mlContext.Transforms.Conversion
            .MapValueToKey("LabelKey", "Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Fit(train);
        var validation = keys.Transform(Wardrobe.Rows(mlContext, data.Validation));
        var model = BuildPipeline(mlContext, training, validation).Fit(keys.Transform(train));
        var chain = new TransformerChain<ITransformer>(keys, model);
        return new Trained(chain, (PerceiverObjectDetectionTransformer)model.First());
    }

    /// <summary>The pipeline behind the keys: the Perceiver, and keys back to labels.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="training">How it is trained.</param>
    /// <param name="validationSet">Prepared rows to choose the best epoch by.</param>
    internal static EstimatorChain<KeyToValueMappingTransformer> BuildPipeline(
        MLContext mlContext, PerceiverTrainingOptions training, IDataView validationSet) =>
        mlContext.MulticlassClassification.Trainers.PerceiverObjectDetection(new PerceiverObjectDetectionOptions
        {
            LabelColumnName = "LabelKey",
            ImageProcessor = Processor,
            Training = training,
            Augmentation = Augmentation,
            ValidationSet = validationSet,
            ScoreThreshold = ScoreThreshold,
        }).Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedText", "PredictedLabel"));

    /// <summary>What a training gives.</summary>
    /// <param name="Pipeline">The whole model, from images to labels.</param>
    /// <param name="Perceiver">The Perceiver in it.</param>
    internal sealed record Trained(ITransformer Pipeline, PerceiverObjectDetectionTransformer Perceiver) : IDisposable
    {
        /// <summary>How many parameters the Perceiver has.</summary>
        public long Parameters => Perceiver.Model.parameters().Sum(p => p.NumberOfElements);

        public void Dispose() => (Pipeline as IDisposable)?.Dispose();
    }
}
