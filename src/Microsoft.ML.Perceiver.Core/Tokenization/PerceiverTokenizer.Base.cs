using System.Buffers;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.Perceiver;

/// <content>The methods of <see cref="Tokenizer"/>.</content>
public sealed partial class PerceiverTokenizer
{
    /// <inheritdoc/>
    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var source = text is null ? textSpan : text.AsSpan();
        var tokens = new List<EncodedToken>();
        int position = 0;
        while (position < source.Length && tokens.Count < settings.MaxTokenCount)
        {
            int width = Next(source[position..], position, tokens);
            if (tokens.Count > settings.MaxTokenCount)
            {
                // A character is encoded whole or not at all, as the consumed length is counted in characters.
                tokens.RemoveAll(t => t.Offset.Start.Value == position);
                break;
            }

            position += width;
        }

        return new EncodeResults<EncodedToken> { Tokens = tokens, CharsConsumed = position };
    }

    /// <inheritdoc/>
    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var source = text is null ? textSpan : text.AsSpan();
        if (settings.MaxTokenCount == int.MaxValue)
            return new EncodeResults<int> { Tokens = Tokenize(source), CharsConsumed = source.Length };
        var tokens = EncodeToTokens(text, textSpan, settings);
        return new EncodeResults<int> { Tokens = tokens.Tokens.Select(t => t.Id).ToArray(), CharsConsumed = tokens.CharsConsumed };
    }

    /// <inheritdoc/>
    protected override int CountTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings) =>
        EncodeToIds(text, textSpan, settings).Tokens.Count;

    /// <inheritdoc/>
    protected override int GetIndexByTokenCount(
        string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings, bool fromEnd, out string? normalizedText, out int tokenCount)
    {
        normalizedText = null;
        if (!fromEnd)
        {
            var taken = EncodeToTokens(text, textSpan, settings);
            tokenCount = taken.Tokens.Count;
            return taken.CharsConsumed;
        }

        var all = EncodeToTokens(text, textSpan, new EncodeSettings { MaxTokenCount = int.MaxValue }).Tokens;
        int first = Math.Max(0, all.Count - settings.MaxTokenCount);
        while (first > 0 && first < all.Count && all[first].Offset.Start.Value == all[first - 1].Offset.Start.Value)
            first++;
        tokenCount = all.Count - first;
        return first < all.Count ? all[first].Offset.Start.Value : (text?.Length ?? textSpan.Length);
    }

    /// <summary>The text of ids, special tokens included; bytes that are no UTF-8 become U+FFFD.</summary>
    /// <param name="ids">The ids.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An id is out of range.</exception>
    public override string Decode(IEnumerable<int> ids) => Decode(ids, skipSpecialTokens: false, cleanUpTokenizationSpaces: false);

    /// <inheritdoc/>
    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
    {
        ArgumentNullException.ThrowIfNull(ids);
        idsConsumed = 0;
        charsWritten = 0;
        var text = new Utf8Stream();
        int read = 0;
        foreach (int id in ids)
        {
            CheckId(id, nameof(ids));
            read++;
            if (!Write(text.Add(BytesOf(id)), destination, ref charsWritten))
                return OperationStatus.DestinationTooSmall;
            // Each byte that waits for the rest of its character is an id: special tokens are whole texts.
            idsConsumed = read - text.Pending;
        }

        if (!Write(text.End(), destination, ref charsWritten))
            return OperationStatus.DestinationTooSmall;
        idsConsumed = read;
        return OperationStatus.Done;
    }

    private static bool Write(string text, Span<char> destination, ref int written)
    {
        if (!text.TryCopyTo(destination[written..]))
            return false;
        written += text.Length;
        return true;
    }

    /// <summary>Adds the tokens of the special token or character at the start of a text and returns its length.</summary>
    private int Next(ReadOnlySpan<char> text, int position, List<EncodedToken> tokens)
    {
        if (!Options.SplitSpecialTokens && _splitter.TryMatch(text, out int length, out int id))
        {
            tokens.Add(new EncodedToken(id, _special[id], new Range(position, position + length)));
            return length;
        }

        int width = char.IsHighSurrogate(text[0]) && text.Length > 1 && char.IsLowSurrogate(text[1]) ? 2 : 1;
        if (width == 1 && char.IsSurrogate(text[0]))
            throw Utf8Text.LoneSurrogate(position, text[0]);
        foreach (byte b in Utf8Text.GetBytes(text[..width]))
            tokens.Add(new EncodedToken(b + FirstByteId, ((char)b).ToString(), new Range(position, position + width)));
        return width;
    }
}
