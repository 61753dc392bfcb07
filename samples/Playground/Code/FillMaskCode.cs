namespace Playground;

/// <summary>The program that fills masks as the page did.</summary>
internal static class FillMaskCode
{
    /// <param name="checkpoint">An expression for the model.</param>
    /// <param name="masked">The text with <c>[MASK]</c>.</param>
    /// <param name="count">How many fillings are wanted.</param>
    public static string Of(string checkpoint, string masked, int count) => $$"""
        using Microsoft.ML;
        using Microsoft.ML.Data;
        using Microsoft.ML.Perceiver;
        using Microsoft.ML.Perceiver.Models;

        var ml = new MLContext();
        var checkpoint = {{checkpoint}};
        var texts = ml.Data.LoadFromEnumerable([new { Text = {{CSharpLiteral.Of(masked)}} }]);
        var fillMask = ml.Transforms.PerceiverFillMask(checkpoint, topK: {{count}}, decoding: PerceiverFillMaskDecoding.LeftToRight);
        var filled = fillMask.Fit(texts).Transform(texts);

        string[] fillings = filled.GetColumn<string[]>("Fillings").Single();
        float[] logProbabilities = filled.GetColumn<float[]>("LogProbabilities").Single();
        foreach (var (text, logProbability) in fillings.Zip(logProbabilities))
            Console.WriteLine($"{Math.Exp(logProbability):0.000} {text}");

        """;
}
