using System.Numerics.Tensors;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;
using Tensor = TorchSharp.torch.Tensor;

namespace OnnxSample;

/// <summary>The sentence encoder. A text's choice is the text, of all others, whose vector is the nearest.</summary>
internal sealed record SentenceHead : Head
{
    private const string Output = "sentence_embedding";

    private SentenceHead(PerceiverForSentenceEmbedding model, IReadOnlyList<IReadOnlyDictionary<string, Tensor>> rows)
        : base("sentence", model, rows, row => new() { [Output] = model.forward(row["input_ids"], row["attention_mask"]).Embeddings })
    {
    }

    public override string Choices => "nearest texts";

    /// <summary>The bundled encoder with sentences.</summary>
    public static SentenceHead Create(int count)
    {
        var model = (PerceiverForSentenceEmbedding)BundledModel.Load(BundledModels.MiniSentence);
        var texts = TextRows.Sentences(BundledModel.DataPath("sentences"), count);
        return new SentenceHead(model, [.. texts.Select(text => TextRows.Row(text, model.Config))]);
    }

    public override double Agreement(
        IReadOnlyList<Dictionary<string, float[]>> expected, IReadOnlyList<Dictionary<string, float[]>> actual) =>
        Nearest(expected).Zip(Nearest(actual)).Average(pair => pair.First == pair.Second ? 1.0 : 0);

    // The vectors have length one.
    private static int[] Nearest(IReadOnlyList<Dictionary<string, float[]>> rows)
    {
        float[][] vectors = [.. rows.Select(row => row[Output])];
        return [.. Enumerable.Range(0, vectors.Length).Select(i => Enumerable.Range(0, vectors.Length)
            .Where(j => j != i)
            .MaxBy(j => TensorPrimitives.Dot(vectors[i], vectors[j])))];
    }
}
