namespace Playground;

/// <summary>The program that classifies a text as the page did.</summary>
internal static class TextCode
{
    /// <summary>With a checkpoint.</summary>
    /// <param name="checkpoint">An expression for the model.</param>
    /// <param name="text">The text.</param>
    public static string OfCheckpoint(string checkpoint, string text) => $$"""
        using Microsoft.ML;
        using Microsoft.ML.Data;
        using Microsoft.ML.Perceiver;
        using Microsoft.ML.Perceiver.Models;

        var ml = new MLContext();
        var checkpoint = {{checkpoint}};
        var texts = ml.Data.LoadFromEnumerable([new { Text = {{CSharpLiteral.Of(text)}} }]);
        var model = ml.Transforms.PerceiverTextClassification(checkpoint).Fit(texts);
        float[] scores = model.Transform(texts).GetColumn<float[]>("Score").Single();
        foreach (var (label, score) in model.Labels.Zip(scores).OrderByDescending(pair => pair.Second))
            Console.WriteLine($"{score:0.000} {label}");

        """;

    /// <summary>With a saved model.</summary>
    /// <param name="file">The model's file.</param>
    /// <param name="textColumn">The column that it reads the text from.</param>
    /// <param name="labelColumn">The column that the label was in, which need not be known; null where there is none.</param>
    /// <param name="text">The text.</param>
    public static string OfFile(string file, string textColumn, string? labelColumn, string text) => $$"""
        using Microsoft.ML;
        using Microsoft.ML.Data;
        using Microsoft.ML.Perceiver;

        var ml = new MLContext();
        var model = ml.Model.LoadPerceiver({{CSharpLiteral.Of(file)}}, out _);
        var texts = ml.Data.LoadFromEnumerable([new Row { Text = {{CSharpLiteral.Of(text)}} }]);
        var scored = model.Transform(texts);
        VBuffer<ReadOnlyMemory<char>> labels = default;
        scored.Schema["Score"].GetSlotNames(ref labels);
        float[] scores = scored.GetColumn<float[]>("Score").Single();
        foreach (var (label, score) in labels.DenseValues().Zip(scores).OrderByDescending(pair => pair.Second))
            Console.WriteLine($"{score:0.000} {label}");

        class Row
        {
            [ColumnName({{CSharpLiteral.Of(textColumn)}})] public string Text { get; set; } = "";{{Label(labelColumn)}}
        }

        """;

    private static string Label(string? column) => column is null
        ? ""
        : $"\n    [ColumnName({CSharpLiteral.Of(column)})] public string Label {{ get; set; }} = \"\";";
}
