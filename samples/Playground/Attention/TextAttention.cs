using System.Globalization;
using Microsoft.ML.Perceiver;
using static TorchSharp.torch;

namespace Playground;

/// <summary>A letter of a text with the share of the attention that its bytes have, through the model's cross-attentions.</summary>
/// <param name="Text">The letter.</param>
/// <param name="Share">Its share; 0 for what the model does not read of a long text.</param>
internal sealed record TextAttention(string Text, double Share)
{
    /// <summary>The letters of a text that is classified.</summary>
    public static IReadOnlyList<TextAttention> Of(PerceiverForSequenceClassification model, string text)
    {
        int longest = model.Config.MaxPositionEmbeddings;
        var options = new PerceiverEncodingOptions { Truncation = PerceiverTokenizerTruncation.LongestFirst, MaxLength = longest };
        using var scope = NewDisposeScope();
        var ids = Ids(PerceiverTokenizer.Default.Encode(text, options: options).InputIds);
        return Letters(text, model.Perceiver.AttentionMap(ids, kind: PerceiverAttentionKind.CrossAttentions));
    }

    /// <summary>The letters of a text with masks, as far as its masked bytes attend to them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="masked">The tokens with the masks.</param>
    /// <param name="filled">The text with the masks filled: it has the same bytes elsewhere.</param>
    public static IReadOnlyList<TextAttention> Of(PerceiverForMaskedLM model, IReadOnlyList<int> masked, string filled)
    {
        using var scope = NewDisposeScope();
        long[] masks = [.. Enumerable.Range(0, masked.Count).Where(i => masked[i] == PerceiverTokenizer.MaskTokenId).Select(i => (long)i)];
        var positions = tensor(masks).unsqueeze(0);
        return Letters(filled, model.AttentionAt(Ids(masked), positions, kind: PerceiverAttentionKind.CrossAttentions).mean([1]));
    }

    private static Tensor Ids(IReadOnlyList<int> ids) => tensor(ids.Select(id => (long)id).ToArray()).unsqueeze(0);

    private static List<TextAttention> Letters(string text, Tensor map)
    {
        // Behind the mark of the beginning there is a share for each UTF-16 unit.
        float[] shares = PerceiverTextAttention.ByCharacter(map.flatten().cpu().data<float>().ToArray(), text);
        var letters = new List<TextAttention>();
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            string letter = elements.GetTextElement();
            letters.Add(new TextAttention(letter, shares.Skip(1 + elements.ElementIndex).Take(letter.Length).Sum()));
        }

        return letters;
    }
}
