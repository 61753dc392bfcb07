using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Transforms;
using Samples;

namespace ImageClassification;

public partial class MyModel
{
    /// <summary>The folder that the bundled images to learn from are in.</summary>
    public static readonly string RetrainFilePath = Path.Combine(Clothing.DefaultFolder, "train");

    /// <summary>Loads an <see cref="IDataView"/> of a folder with a folder of images for each label.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">There is no such folder, or it has no images.</exception>
    public static IDataView LoadImageFromFolder(MLContext mlContext, string folder) =>
        mlContext.Data.LoadFromEnumerable(ReadFolder(folder));

    /// <summary>The rows of <see cref="LoadImageFromFolder"/>.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">There is no such folder, or it has no images.</exception>
    internal static ModelInput[] ReadFolder(string folder) =>
        [.. ClassFolders.Read(folder).Select(image => new ModelInput { Label = image.Label, ImageSource = image.File })];

    /// <summary>Trains a model and saves it.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="data">The images.</param>
    /// <param name="recipe">The model and how it is trained.</param>
    /// <param name="outputModelPath">Where the model is saved.</param>
    internal static Trained Train(MLContext mlContext, DataSet data, Recipe recipe, string outputModelPath)
    {
        var model = TrainingConsole.Run(
            "labels", recipe.Training, training => RetrainModel(mlContext, data, recipe with { Training = training }));
        SaveModel(mlContext, model.Pipeline, data.Train, outputModelPath);
        return model;
    }

    /// <summary>Saves a model at the given path.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="model">The model.</param>
    /// <param name="data">Data of the schema that the model was trained with.</param>
    /// <param name="modelSavePath">Where the model is saved.</param>
    public static void SaveModel(MLContext mlContext, ITransformer model, IDataView data, string modelSavePath) =>
        SavedModel.Save(mlContext, model, data, modelSavePath);

    /// <summary>Trains the whole: labels to keys, files to images, the Perceiver, keys back to labels.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="data">The images.</param>
    /// <param name="recipe">The model and how it is trained.</param>
    internal static Trained RetrainModel(MLContext mlContext, DataSet data, Recipe recipe)
    {
        // The validation rows go through the very same keys as the training rows.
        var preparation = Preparation(mlContext, data).Fit(data.Train);
        var model = BuildPipeline(mlContext, recipe, preparation.Transform(data.Validation)).Fit(preparation.Transform(data.Train));
        return new Trained(preparation.Append<ITransformer>(model), (PerceiverImageClassificationTransformer)model.First());
    }

    /// <summary>What comes before the trainer: labels to keys in their names' order, and files to images.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="data">The images.</param>
    internal static EstimatorChain<ITransformer> Preparation(MLContext mlContext, DataSet data) =>
        new EstimatorChain<ITransformer>()
            .Append<ITransformer>(mlContext.Transforms.Conversion.MapValueToKey(
                "LabelKey", "Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue))
            .Append(data.LoadImages(mlContext));

    /// <summary>The pipeline behind the preparation: the Perceiver, and keys back to labels.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="recipe">The model and how it is trained.</param>
    /// <param name="validationSet">Prepared rows to choose the best epoch by.</param>
    internal static EstimatorChain<KeyToValueMappingTransformer> BuildPipeline(
        MLContext mlContext, Recipe recipe, IDataView validationSet) =>
        mlContext.MulticlassClassification.Trainers.PerceiverImage(new PerceiverImageClassificationOptions
        {
            LabelColumnName = "LabelKey",
            ImageColumnName = "Image",
            Checkpoint = recipe.Checkpoint,
            ImageProcessor = recipe.Processor,
            Training = recipe.Training,
            Augmentation = recipe.Augmentation,
            ValidationSet = validationSet,
            BatchSize = 32,
        }).Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedText", "PredictedLabel"));

    /// <summary>What a training gives.</summary>
    /// <param name="Pipeline">The whole model, from files, or pixels, to labels.</param>
    /// <param name="Perceiver">The Perceiver in it.</param>
    internal sealed record Trained(ITransformer Pipeline, PerceiverImageClassificationTransformer Perceiver) : IDisposable
    {
        /// <summary>How many parameters the Perceiver has.</summary>
        public long Parameters => Perceiver.Model.parameters().Sum(p => p.NumberOfElements);

        public void Dispose() => (Pipeline as IDisposable)?.Dispose();
    }
}
