namespace Playground;

/// <summary>The program that classifies an image as the page did.</summary>
internal static class ImageCode
{
    /// <param name="checkpoint">An expression for the model.</param>
    /// <param name="file">The image's file.</param>
    /// <param name="count">How many labels are wanted.</param>
    public static string Of(string checkpoint, string file, int count) => $$"""
        using Microsoft.ML;
        using Microsoft.ML.Data;
        using Microsoft.ML.Perceiver;
        using Microsoft.ML.Perceiver.Models;

        var ml = new MLContext();
        var checkpoint = {{checkpoint}};
        var images = ml.Data.LoadFromEnumerable([new { Path = {{CSharpLiteral.Of(file)}} }]);
        var model = ml.Transforms.LoadPerceiverImages("Image", imageFolder: null, "Path")
            .Append(ml.Transforms.PerceiverImageClassification(checkpoint, topK: {{count}}))
            .Fit(images);
        var classified = model.Transform(images);

        string[] labels = classified.GetColumn<string[]>("TopLabels").Single();
        float[] scores = classified.GetColumn<float[]>("TopScores").Single();
        foreach (var (label, score) in labels.Zip(scores))
            Console.WriteLine($"{score:0.000} {label}");

        """;
}
