using Cluster.Serving;
using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;
using Samples;
using TextClassification;
using WebApi;

namespace Cluster.Demo;

/// <summary>The models of the demonstration, and what they answer in this process.</summary>
internal static class DemoModels
{
    private const int RowsOfSecond = 600;

    /// <summary>The versions of the text classifier.</summary>
    public const string First = "1", Second = "2";

    /// <summary>
    /// Writes the models where they are missing: the bundled spam filter as version 1 of the text classifier, the same one after some more
    /// training as version 2, and the bundled classifier of clothes.
    /// </summary>
    /// <param name="folder">The folder of models.</param>
    public static void Write(string folder)
    {
        var store = new ModelStore(folder);
        var mlContext = new MLContext(seed: 1);
        Write(store.PathOf(TextTask.TaskName, First), path => WriteBundledText(mlContext, path));
        Write(store.PathOf(TextTask.TaskName, Second), path => WriteTrainedText(mlContext, path));
        store.SetCurrent(TextTask.TaskName, First);
        WriteImage(store);
    }

    /// <summary>Writes the image classifier alone.</summary>
    /// <param name="store">The folder of models.</param>
    public static void WriteImage(ModelStore store)
    {
        Write(store.PathOf(ImageTask.TaskName, First), path => WriteBundledImage(new MLContext(seed: 1), path));
        store.SetCurrent(ImageTask.TaskName, First);
    }

    /// <summary>What the versions of the text classifier answer, in this process.</summary>
    /// <param name="folder">The folder of models.</param>
    /// <param name="texts">The texts.</param>
    public static Dictionary<string, Answer[]> Answers(string folder, IReadOnlyList<string> texts)
    {
        var store = new ModelStore(folder);
        return new[] { First, Second }.ToDictionary(v => v, v => ModelFile.Transform(store.PathOf(TextTask.TaskName, v), texts));
    }

    /// <summary>What the image classifier answers, in this process.</summary>
    /// <param name="folder">The folder of models.</param>
    /// <param name="files">The images.</param>
    public static Answer[] Answers(string folder, IReadOnlyList<byte[]> files)
    {
        var mlContext = new MLContext();
        var model = mlContext.Model.LoadPerceiver(new ModelStore(folder).PathOf(ImageTask.TaskName, First), out _);
        using var owned = model as IDisposable;
        var images = files.Select(f => PerceiverImageConversion.DecodeImage(f, ImageTask.MostPixels))
            .Select(image => new ImageInput { Image = image.ToMLImage() });
        var scored = model.Transform(mlContext.Data.LoadFromEnumerable(images));
        string[] labels = SavedModel.Labels(scored.Schema);
        return [.. mlContext.Data.CreateEnumerable<MyModel.ModelOutput>(scored, reuseRowObject: false).Select(o => Answer.Of(o, labels))];
    }

    private static void Write(string path, Action<string> write)
    {
        if (File.Exists(path))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        write(path);
    }

    private static void WriteBundledText(MLContext mlContext, string path)
    {
        var rows = mlContext.Data.LoadFromEnumerable(Array.Empty<MyModel.ModelInput>());
        using var model = mlContext.Transforms
            .PerceiverTextClassification(PerceiverCheckpoint.Bundled(BundledModels.MiniSpam), "Text")
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedText", "PredictedLabel"))
            .Fit(rows);
        SavedModel.Save(mlContext, model, rows, path);
    }

    private static void WriteTrainedText(MLContext mlContext, string path)
    {
        var rows = mlContext.Data.TakeRows(DataSet.Find("sms-spam").Load(mlContext).Train, RowsOfSecond);
        var training = new PerceiverTrainingOptions { Epochs = 1, BatchSize = 16, LearningRate = 5e-4, ValidationFraction = 0 };
        var model = MyModel.RetrainModel(mlContext, PerceiverCheckpoint.Bundled(BundledModels.MiniSpam), training, rows);
        using var owned = model as IDisposable;
        SavedModel.Save(mlContext, model, rows, path);
    }

    private static void WriteBundledImage(MLContext mlContext, string path)
    {
        var rows = mlContext.Data.LoadFromEnumerable(Array.Empty<ImageInput>());
        using var model = mlContext.Transforms
            .PerceiverImageClassification(PerceiverCheckpoint.Bundled(BundledModels.MiniClothing), "Image")
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedText", "PredictedLabel"))
            .Fit(rows);
        // A schema has no images.
        mlContext.Model.Save(model, inputSchema: null, path);
    }
}
