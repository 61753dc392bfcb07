using Microsoft.ML;
using Samples;
using Spectre.Console;

namespace ImageClassification;

/// <summary>A few predictions to look at.</summary>
internal static class Examples
{
    private const int Count = 6;

    /// <summary>
    /// Predicts some test rows with a saved model, as another program would: in a context that knows nothing of the training.
    /// </summary>
    /// <param name="modelPath">The model.</param>
    /// <param name="data">The images.</param>
    /// <returns>For each row what it is, and the labels with their probabilities, the most probable first.</returns>
    public static IEnumerable<(string Image, IEnumerable<KeyValuePair<string, float>> Labels)> Predict(string modelPath, DataSet data)
    {
        var mlContext = new MLContext();
        var model = mlContext.Model.LoadPerceiver(modelPath, out _);
        using var release = model as IDisposable;
        var scored = model.Transform(data.SomeTests(mlContext, Count));
        string[] labels = SavedModel.Labels(scored.Schema);
        foreach (var row in mlContext.Data.CreateEnumerable<ScoredRow>(scored, reuseRowObject: false))
            yield return (row.Label, MyModel.GetSortedScoresWithLabels(labels, row));
    }

    /// <summary>Shows predictions.</summary>
    /// <param name="title">Whose they are.</param>
    /// <param name="predictions">For each image what it is, and the labels with their probabilities, the most probable first.</param>
    /// <param name="top">How many labels are shown.</param>
    public static void Show(
        string title, IEnumerable<(string Image, IEnumerable<KeyValuePair<string, float>> Labels)> predictions, int top)
    {
        var table = new Table().Title(title).AddColumns("image", "labels, the most probable first");
        foreach (var (image, labels) in predictions)
        {
            string shown = string.Join(", ", labels.Take(top).Select(l => $"{l.Key} {l.Value:P1}"));
            table.AddRow(Markup.Escape(image), Markup.Escape(shown));
        }
        AnsiConsole.Write(table);
    }

    private sealed class ScoredRow : MyModel.ModelOutput
    {
        public string Label { get; set; } = "";
    }
}
