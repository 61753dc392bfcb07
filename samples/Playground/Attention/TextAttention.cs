using System.Globalization;
using System.Text;
using Microsoft.ML.Perceiver;
using static TorchSharp.torch;

namespace Playground;

/// <summary>A letter of a text with the share of the attention that its bytes have.</summary>
/// <param name="Text">The letter.</param>
/// <param name="Share">Its share; 0 for what the model does not read of a long text.</param>
internal sealed record TextAttention(string Text, double Share)
{
    /// <summary>The letters of a text that is classified.</summary>
    public static IReadOnlyList<TextAttention> Of(PerceiverForSequenceClassification model, string text)
    {
        var options = new PerceiverEncodingOptions
        {
            Truncation = PerceiverTokenizerTruncation.LongestFirst,
            MaxLength = model.Config.MaxPositionEmbeddings,
        };
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var ids = Ids(PerceiverTokenizer.Default.Encode(text, options: options).InputIds);
        return Letters(text, InputAttention.Of(model.forward(ids, outputAttentions: true)));
    }

    /// <summary>The letters of a text with masks, as far as its masked bytes attend to them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="masked">The tokens with the masks.</param>
    /// <param name="filled">The text with the masks filled: it has the same bytes elsewhere.</param>
    public static IReadOnlyList<TextAttention> Of(PerceiverForMaskedLM model, IReadOnlyList<int> masked, string filled)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        int[] masks = [.. Enumerable.Range(0, masked.Count).Where(i => masked[i] == PerceiverTokenizer.MaskTokenId)];
        return Letters(filled, InputAttention.Of(model.forward(Ids(masked), outputAttentions: true), masks));
    }

    private static Tensor Ids(IReadOnlyList<int> ids) => tensor(ids.Select(id => (long)id).ToArray()).unsqueeze(0);

    // The first and the last token are the text's marks, and each byte of the text is a token between them.
    private static List<TextAttention> Letters(string text, float[] shares)
    {
        var letters = new List<TextAttention>();
        var elements = StringInfo.GetTextElementEnumerator(text);
        int at = 1;
        while (elements.MoveNext())
        {
            string letter = elements.GetTextElement();
            int bytes = Encoding.UTF8.GetByteCount(letter);
            letters.Add(new TextAttention(letter, shares.Take(shares.Length - 1).Skip(at).Take(bytes).Sum()));
            at += bytes;
        }

        return letters;
    }
}
