using System.Diagnostics;
using Microsoft.ML;
using Spectre.Console;
using TextClassification;

namespace WebApi;

/// <summary>The saved model.</summary>
internal static class ModelFile
{
    /// <summary>Trains a spam filter where there is no model yet, as samples/TextClassification does, in fewer epochs.</summary>
    /// <param name="path">Where the model is, or is to be.</param>
    /// <param name="epochs">How often the training rows are gone through.</param>
    public static void Ensure(string path, int epochs)
    {
        if (File.Exists(path))
            return;
        Samples.SavedModel.CheckWritable(path);
        AnsiConsole.WriteLine($"There is no model '{path}': a spam filter is trained first.");
        var clock = Stopwatch.StartNew();
        var data = DataSet.Find("sms-spam");
        var mlContext = new MLContext(seed: 1);
        var model = MyModel.Train(mlContext, data.Scratch.WithEpochs(epochs, masks: null), data.Load(mlContext).Train, path);
        (model as IDisposable)?.Dispose();
        AnsiConsole.WriteLine($"Trained in {clock.Elapsed.TotalSeconds:f0} s and saved.");
    }

    /// <summary>Texts to classify: the beginning of the bundled messages that were set aside for testing.</summary>
    /// <param name="count">How many.</param>
    public static string[] Texts(int count)
    {
        var mlContext = new MLContext(seed: 1);
        var test = DataSet.Find("sms-spam").Load(mlContext).Test;
        var rows = mlContext.Data.CreateEnumerable<MyModel.ModelInput>(test, reuseRowObject: false);
        return [.. rows.Select(r => r.Text).Where(t => t.Length > 0).Take(count)];
    }

    /// <summary>What Transform says of texts: all at once, in batches.</summary>
    /// <param name="path">The model.</param>
    /// <param name="texts">The texts.</param>
    public static Answer[] Transform(string path, IReadOnlyList<string> texts)
    {
        var mlContext = new MLContext();
        var model = mlContext.Model.Load(path, out _);
        try
        {
            var scored = model.Transform(mlContext.Data.LoadFromEnumerable(texts.Select(t => new MyModel.ModelInput { Text = t })));
            string[] labels = Samples.SavedModel.Labels(scored.Schema);
            var outputs = mlContext.Data.CreateEnumerable<MyModel.ModelOutput>(scored, reuseRowObject: false);
            return [.. outputs.Select(o => Answer.Of(o, labels))];
        }
        finally
        {
            (model as IDisposable)?.Dispose();
        }
    }
}
