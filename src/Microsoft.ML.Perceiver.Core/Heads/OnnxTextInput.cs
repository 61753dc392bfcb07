using System.Text;

namespace Microsoft.ML.Perceiver;

/// <summary>Texts as the input of a graph, which makes the ids and the mask of them that a stage makes.</summary>
internal static class OnnxTextInput
{
    /// <summary>The name of the input.</summary>
    internal const string Name = "text";

    // Where there is no id.
    private const long None = -1;

    // What the table of special tokens says of characters.
    private const long Character = -2;

    /// <summary>Adds the input, and what makes ids of it.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="maxLength">The longest text in tokens, [CLS] and [SEP] included; longer ones are cut off between characters.</param>
    internal static OnnxInputs Add(OnnxBuilder builder, int maxLength)
    {
        var text = builder.Input(Name, OnnxElement.String, "batch");
        var parts = builder.PartsOf(text, Pattern(), "characters");
        var ids = Truncated(builder, IdsOf(builder, parts), maxLength);
        var flat = builder.Reshape(ids, ids[0], ids[1] * ids[2]);
        var rows = builder.Concat(
            1, Column(builder, PerceiverTokenizer.ClsTokenId), flat, Column(builder, PerceiverTokenizer.SepTokenId));
        return Packed(builder, rows);
    }

    /// <summary>Special tokens, the longest first as the tokenizer does it, and else single characters.</summary>
    private static string Pattern()
    {
        var special = PerceiverTokenizer.Default.Options.SpecialTokens.OrderByDescending(t => t.Length).Select(Escaped);
        return string.Join('|', [.. special, "(?s:.)"]);
    }

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (char c in text)
            escaped.Append(char.IsAscii(c) && !char.IsAsciiLetterOrDigit(c) ? "\\" : "").Append(c);
        return escaped.ToString();
    }

    /// <summary>The ids of special tokens and characters, [batch, characters, 4].</summary>
    private static OnnxValue IdsOf(OnnxBuilder builder, OnnxValue parts)
    {
        var table = PerceiverTokenizer.Default.Options.SpecialTokens.Select((token, id) => (token, id))
            .ToDictionary(t => t.token, t => (long)t.id, StringComparer.Ordinal);
        table[""] = None;
        var special = builder.Unsqueeze(builder.LookUp(parts, table, Character), 2);
        var bytes = OnnxCharacterBytes.Of(builder, parts);
        var isByte = builder.IsAtLeast(bytes, builder.Integer(0));
        var none = builder.Integer(None);
        var ids = builder.Choose(isByte, builder.Plus(bytes, builder.Integer(PerceiverTokenizer.FirstByteId)), none);
        var isFirst = builder.AreEqual(builder.Integers(0, 1, 2, 3), builder.Integer(0));
        return builder.Choose(
            builder.AreEqual(special, builder.Integer(Character)), ids, builder.Choose(isFirst, special, none));
    }

    /// <summary>The ids without those of characters that end beyond the longest text.</summary>
    private static OnnxValue Truncated(OnnxBuilder builder, OnnxValue ids, int maxLength)
    {
        var ends = builder.RunningSum(builder.SumOf(AreThere(builder, ids), 2, keep: false), 1, withItself: true);
        var fits = builder.IsLess(builder.Unsqueeze(ends, 2), builder.Integer(maxLength - 1L));
        return builder.Choose(fits, ids, builder.Integer(None));
    }

    /// <summary>Rows of ids moved to the left, so that none are missing in between, and the mask of what is padding then.</summary>
    private static OnnxInputs Packed(OnnxBuilder builder, OnnxValue rows)
    {
        var areThere = AreThere(builder, rows);
        var lengths = builder.SumOf(areThere, 1, keep: false);
        var tokens = builder.Named("tokens", builder.Unsqueeze(builder.Largest(lengths), 0));
        var isThere = builder.IsAtLeast(rows, builder.Integer(0));
        // What is missing goes to a place after the longest row, which is cut off.
        var places = builder.Choose(isThere, builder.RunningSum(areThere, 1, withItself: false), builder.Size(tokens));
        var padding = builder.Reshape(builder.Integers(PerceiverTokenizer.PadTokenId), 1, 1);
        var padded = builder.Expand(padding, rows[0], builder.Sum(tokens, 1));
        var ids = builder.Narrow(builder.Put(padded, places, rows, 1), 1, 0, tokens);
        var mask = builder.IsLess(builder.Unsqueeze(builder.Range(tokens), 0), builder.Unsqueeze(lengths, 1));
        return new OnnxInputs(ids, null) { Mask = builder.Cast(mask, OnnxElement.Int64) };
    }

    private static OnnxValue AreThere(OnnxBuilder builder, OnnxValue ids) =>
        builder.Cast(builder.IsAtLeast(ids, builder.Integer(0)), OnnxElement.Int64);

    private static OnnxValue Column(OnnxBuilder builder, long id) =>
        builder.Expand(builder.Reshape(builder.Integers(id), 1, 1), "batch", 1);
}
