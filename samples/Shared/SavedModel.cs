using Microsoft.ML;
using Microsoft.ML.Data;

namespace Samples;

/// <summary>What the samples do with a model's file.</summary>
internal static class SavedModel
{
    /// <summary>Saves a model at the given path; an older one stays until the new one is whole.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="model">The model.</param>
    /// <param name="data">Data of the schema that the model was trained with.</param>
    /// <param name="path">Where the model is saved.</param>
    public static void Save(MLContext mlContext, ITransformer model, IDataView data, string path)
    {
        string unfinished = path + ".tmp";
        using (var stream = File.Create(unfinished))
            mlContext.Model.Save(model, data.Schema, stream);
        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Throws where a model could not be saved.</summary>
    /// <param name="path">Where it is to be saved.</param>
    public static void CheckWritable(string path)
    {
        string probe = path + ".tmp";
        File.Create(probe).Dispose();
        File.Delete(probe);
    }

    /// <summary>The labels in the order of the scores.</summary>
    /// <param name="schema">The columns of what the model writes.</param>
    public static string[] Labels(DataViewSchema schema)
    {
        VBuffer<ReadOnlyMemory<char>> labels = default;
        schema["Score"].GetSlotNames(ref labels);
        return labels.DenseValues().Select(l => l.ToString()).ToArray();
    }
}
