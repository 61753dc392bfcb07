using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Samples;

namespace TextClassification;

public partial class MyModel
{
    /// <summary>The file that <see cref="LoadIDataViewFromFile"/> reads where no other is named.</summary>
    public static readonly string RetrainFilePath = Path.Combine(AppContext.BaseDirectory, "Data", "SMSSpamCollection.tsv");

    /// <summary>Loads an <see cref="IDataView"/> from a file with a label and a text in each row.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="inputDataFilePath">The file.</param>
    /// <param name="separatorChar">What separates its columns.</param>
    /// <param name="hasHeader">Whether its first line names them.</param>
    /// <param name="allowQuoting">Whether a value may stand in quotes, with line ends in it.</param>
    /// <param name="labelIndex">The column with the label.</param>
    /// <param name="textIndex">The column with the text.</param>
    public static IDataView LoadIDataViewFromFile(
        MLContext mlContext,
        string inputDataFilePath,
        char separatorChar = '\t',
        bool hasHeader = false,
        bool allowQuoting = false,
        int labelIndex = 0,
        int textIndex = 1) =>
        mlContext.Data.LoadFromTextFile(inputDataFilePath, new TextLoader.Options
        {
            Separators = [separatorChar],
            HasHeader = hasHeader,
            AllowQuoting = allowQuoting,
            ReadMultilines = allowQuoting,
            Columns = [new("Label", DataKind.String, labelIndex), new("Text", DataKind.String, textIndex)],
        });

    /// <summary>The rows of a data view with a label and a text.</summary>
    /// <param name="rows">The data view.</param>
    internal static IEnumerable<ModelInput> ReadRows(IDataView rows) => rows.GetColumn<string>("Text")
        .Zip(rows.GetColumn<string>("Label"), (text, label) => new ModelInput { Text = text, Label = label });

    /// <summary>Trains a model and saves it.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="start">What it starts from and how it is trained.</param>
    /// <param name="trainSet">The training rows.</param>
    /// <param name="outputModelPath">Where the model is saved.</param>
    internal static ITransformer Train(MLContext mlContext, Start start, IDataView trainSet, string outputModelPath)
    {
        var checkpoint = start.Checkpoint?.Invoke();
        if (start.Pretraining is { } pretraining && checkpoint is { } random)
        {
            string folder = outputModelPath + ".language";
            checkpoint = TrainingConsole.Run("masks", pretraining, options => Pretrain(mlContext, random, options, trainSet, folder));
        }

        var model = TrainingConsole.Run("labels", start.Training, options => RetrainModel(mlContext, checkpoint, options, trainSet));
        SaveModel(mlContext, model, trainSet, outputModelPath);
        return model;
    }

    /// <summary>
    /// Lets a model learn from the texts alone: it fills masked bytes. What it learns about the language helps it with the labels.
    /// </summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="checkpoint">The weights to start from.</param>
    /// <param name="training">How to train.</param>
    /// <param name="trainSet">The training rows.</param>
    /// <param name="folder">Where the language model is kept, as a folder that Hugging Face's library reads too.</param>
    internal static PerceiverCheckpoint Pretrain(
        MLContext mlContext, PerceiverCheckpoint checkpoint, PerceiverTrainingOptions training, IDataView trainSet, string folder)
    {
        var estimator = mlContext.Transforms.PerceiverFillMask(new PerceiverFillMaskOptions
        {
            Checkpoint = checkpoint,
            Training = training,
            Masking = new PerceiverMaskedLanguageOptions { MaskProbability = 0.25 },
        });
        using var language = estimator.Fit(trainSet);
        language.Model.SavePretrained(folder);
        return PerceiverCheckpoint.FromDirectory(folder);
    }

    /// <summary>Saves a model at the given path.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="model">The model.</param>
    /// <param name="data">Data of the schema that the model was trained with.</param>
    /// <param name="modelSavePath">Where the model is saved.</param>
    public static void SaveModel(MLContext mlContext, ITransformer model, IDataView data, string modelSavePath) =>
        SavedModel.Save(mlContext, model, data, modelSavePath);

    /// <summary>Writes the trained Perceiver of a pipeline as a folder that Hugging Face's library reads too, in float16.</summary>
    /// <param name="model">The pipeline.</param>
    /// <param name="folder">The folder.</param>
    internal static void Export(ITransformer model, string folder) =>
        ((IEnumerable<ITransformer>)model).OfType<PerceiverTextClassificationTransformer>().Single()
            .SavePretrained(folder, PerceiverPrecision.Float16);

    /// <summary>Trains the pipeline on training rows.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="checkpoint">The weights to start from; null for the trainer's default.</param>
    /// <param name="training">How to train.</param>
    /// <param name="trainSet">The training rows.</param>
    public static ITransformer RetrainModel(
        MLContext mlContext, PerceiverCheckpoint? checkpoint, PerceiverTrainingOptions training, IDataView trainSet) =>
        BuildPipeline(mlContext, checkpoint, training).Fit(trainSet);

    /// <summary>The pipeline: labels to keys, the Perceiver, keys back to labels.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="checkpoint">The weights to start from; null for the trainer's default.</param>
    /// <param name="training">How to train.</param>
    public static IEstimator<ITransformer> BuildPipeline(
        MLContext mlContext, PerceiverCheckpoint? checkpoint, PerceiverTrainingOptions training) =>
        mlContext.Transforms.Conversion.MapValueToKey("LabelKey", "Label")
            .Append(mlContext.MulticlassClassification.Trainers.PerceiverText(
                labelColumnName: "LabelKey", textColumnName: "Text", checkpoint: checkpoint, training: training))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedText", "PredictedLabel"));
}
