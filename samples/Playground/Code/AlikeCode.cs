namespace Playground;

/// <summary>The program that finds texts of like meaning as the page did.</summary>
internal static class AlikeCode
{
    /// <summary>The program.</summary>
    /// <param name="checkpoint">An expression for the model.</param>
    /// <param name="query">The text.</param>
    /// <param name="lines">Lines of the user's that are searched too.</param>
    public static string Of(string checkpoint, string query, IEnumerable<string> lines) => $$"""
        using Microsoft.ML;
        using Microsoft.ML.Data;
        using Microsoft.ML.Perceiver;
        using Microsoft.ML.Perceiver.Models;

        var ml = new MLContext();
        var checkpoint = {{checkpoint}};
        // The bank queries: samples/TextClassification/Data/banking77/test.csv of the repository.
        var queries = ml.Data.LoadFromTextFile("test.csv", new TextLoader.Options
        {
            Separators = [','],
            HasHeader = true,
            AllowQuoting = true,
            ReadMultilines = true,
            Columns = [new("Text", DataKind.String, 0)],
        });
        string[] texts = [.. queries.GetColumn<string>("Text"){{string.Concat(lines.Select(line => $", {CSharpLiteral.Of(line)}"))}}];
        string query = {{CSharpLiteral.Of(query)}};
        var rows = ml.Data.LoadFromEnumerable(texts.Append(query).Select(text => new { Text = text }));
        var encoder = ml.Transforms.PerceiverSentenceEmbedding(checkpoint).Fit(rows);
        float[][] vectors = encoder.Transform(rows).GetColumn<float[]>("Embedding").ToArray();
        // The vectors have length one, so that the sum of the products is the cosine.
        var nearest = texts
            .Zip(vectors, (text, vector) => (Text: text, Cosine: vector.Zip(vectors[^1], (a, b) => a * b).Sum()))
            .OrderByDescending(pair => pair.Cosine)
            .Take(5);
        foreach (var (text, cosine) in nearest)
            Console.WriteLine($"{cosine:0.000} {text}");

        """;
}
