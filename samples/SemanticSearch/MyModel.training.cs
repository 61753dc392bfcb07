using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Samples;

namespace SemanticSearch;

public partial class MyModel
{
    /// <summary>The file that <see cref="LoadIDataViewFromFile"/> reads where no other is named.</summary>
    public static readonly string RetrainFilePath = Path.Combine(AppContext.BaseDirectory, "Data", "banking77", "train.csv");

    /// <summary>Loads an <see cref="IDataView"/> from a file of comma-separated values whose first column has texts.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="inputDataFilePath">The file.</param>
    public static IDataView LoadIDataViewFromFile(MLContext mlContext, string inputDataFilePath) =>
        mlContext.Data.LoadFromTextFile(inputDataFilePath, new TextLoader.Options
        {
            Separators = [','],
            HasHeader = true,
            AllowQuoting = true,
            ReadMultilines = true,
            Columns = [new("Text", DataKind.String, 0)],
        });

    /// <summary>The bank queries: those of the training and of the test rows.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    public static string[] LoadBankQueries(MLContext mlContext)
    {
        string[] files = [RetrainFilePath, Path.Combine(Path.GetDirectoryName(RetrainFilePath)!, "test.csv")];
        return [.. files.SelectMany(file => LoadIDataViewFromFile(mlContext, file).GetColumn<string>("Text"))];
    }

    /// <summary>Makes the model of a sentence encoder's weights and saves it. It is not trained further.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="data">The texts.</param>
    /// <param name="outputModelPath">Where the model is saved.</param>
    public static ITransformer Train(MLContext mlContext, PerceiverCheckpoint checkpoint, IDataView data, string outputModelPath)
    {
        var model = BuildPipeline(mlContext, checkpoint).Fit(data);
        SaveModel(mlContext, model, data, outputModelPath);
        return model;
    }

    /// <summary>Saves a model at the given path.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="model">The model.</param>
    /// <param name="data">Data of the schema that the model was made with.</param>
    /// <param name="modelSavePath">Where the model is saved.</param>
    public static void SaveModel(MLContext mlContext, ITransformer model, IDataView data, string modelSavePath) =>
        SavedModel.Save(mlContext, model, data, modelSavePath);

    /// <summary>The pipeline: texts to vectors of length one.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="checkpoint">The weights.</param>
    public static IEstimator<ITransformer> BuildPipeline(MLContext mlContext, PerceiverCheckpoint checkpoint) =>
        mlContext.Transforms.PerceiverSentenceEmbedding(checkpoint, outputColumnName: "Embedding", inputColumnName: "Text");
}
