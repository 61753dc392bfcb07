using Microsoft.Extensions.AI;
using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.AI.Tests;

/// <summary>Sentence encoders that run in milliseconds. They are not trained: texts and seeds differ in all numbers.</summary>
internal static class TinySentences
{
    /// <summary>Numbers of a vector.</summary>
    internal const int Size = 5;

    /// <summary>Texts of many lengths, one of them longer than the model reads.</summary>
    internal static string[] Texts { get; } =
    [
        "call now", "", "see you at 7, by the river", "x", "grüße, до завтра 🙂", new string('y', 100), "a [MASK] in a text", "call now",
    ];

    internal static PerceiverConfig Config { get; } = TinyModels.Config with { EmbeddingSize = Size, InitializerRange = 0.3 };

    internal static PerceiverCheckpoint Checkpoint { get; } = PerceiverCheckpoint.FromConfig(Config, seed: 3);

    /// <summary>The stage, with column names of its own.</summary>
    internal static PerceiverSentenceEmbeddingTransformer Fit(MLContext context, PerceiverSentenceEmbeddingOptions? options = null)
    {
        options ??= new PerceiverSentenceEmbeddingOptions();
        (options.Checkpoint, options.TextColumnName, options.OutputColumnName) = (Checkpoint, "Body", "Meaning");
        return context.Transforms.PerceiverSentenceEmbedding(options).Fit(context.Data.LoadFromEnumerable([new { Body = "" }]));
    }

    /// <summary>The vectors that the model itself gives for texts, one after the other, and the tokens of each.</summary>
    internal static (float[] Vector, int Tokens)[] Expected(params string[] texts)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var gradients = TorchSharp.torch.no_grad();
        using var model = Checkpoint.Load(config => new PerceiverForSentenceEmbedding(config, initialize: false)).Model;
        return [.. texts.Select(text => Encode(model, text))];
    }

    internal static void AssertSame((float[] Vector, int Tokens)[] expected, GeneratedEmbeddings<Embedding<float>> found)
    {
        Assert.HasCount(expected.Length, found);
        for (int i = 0; i < expected.Length; i++)
            TinyModels.AssertSame(expected[i].Vector, found[i].Vector.ToArray(), $"text {i}");
        Assert.AreEqual(expected.Sum(e => e.Tokens), found.Usage!.InputTokenCount);
    }

    private static (float[] Vector, int Tokens) Encode(PerceiverForSentenceEmbedding model, string text)
    {
        var options = new PerceiverEncodingOptions
        {
            Truncation = PerceiverTokenizerTruncation.LongestFirst,
            MaxLength = Config.MaxPositionEmbeddings,
        };
        long[] ids = [.. PerceiverTokenizer.Default.Encode(text, options: options).InputIds.Select(id => (long)id)];
        var vector = model.forward(TorchSharp.torch.tensor(ids, 1, ids.Length)).Embeddings;
        return (vector.data<float>().ToArray(), ids.Length);
    }
}
