namespace Microsoft.ML.Perceiver;

/// <content>Encoding of texts to model inputs, and decoding.</content>
public sealed partial class PerceiverTokenizer
{
    private static readonly (string From, string To)[] CleanUps =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"),
        (" n't", "n't"), (" 'm", "'m"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    /// <summary>Encodes a text, or a pair of texts: <c>[CLS] text [SEP]</c>, <c>[CLS] text [SEP] pair [SEP]</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="textPair">The second text; null for none.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <returns>The ids, and what else the options ask for.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentException">A text is not valid Unicode, or options do not fit each other.</exception>
    public PerceiverEncoding Encode(string text, string? textPair = null, PerceiverEncodingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return EncodeWords([text], textPair is null ? null : [textPair], options);
    }

    /// <summary>Encodes a text that was split into words; the words are joined without spaces, as in the reference.</summary>
    /// <param name="words">The words of the text.</param>
    /// <param name="pairWords">The words of the second text; null for none.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <returns>The ids, and what else the options ask for.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="words"/>, or a word, is null.</exception>
    /// <exception cref="ArgumentException">A word is not valid Unicode, or options do not fit each other.</exception>
    public PerceiverEncoding EncodeWords(
        IEnumerable<string> words, IEnumerable<string>? pairWords = null, PerceiverEncodingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(words);
        options ??= new PerceiverEncodingOptions();
        options.Validate(Options.ModelMaxLength);
        var prepared = Prepare(words, pairWords, options);
        var padded = Pad(prepared, options, prepared.InputIds.Count);
        return padded with { Length = options.ReturnLength ? padded.InputIds.Count : null };
    }

    /// <summary>Encodes several texts, or pairs of texts, and pads them together.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="textPairs">The second texts, one for each; null for none.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <returns>An encoding for each text, in their order.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="texts"/>, or a text, is null.</exception>
    /// <exception cref="ArgumentException">
    /// The numbers of texts differ, a text is not valid Unicode, or options do not fit each other.
    /// </exception>
    public IReadOnlyList<PerceiverEncoding> EncodeBatch(
        IReadOnlyList<string> texts, IReadOnlyList<string>? textPairs = null, PerceiverEncodingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return EncodeWordsBatch(texts.Select(t => new[] { t }).ToArray(), textPairs?.Select(t => new[] { t }).ToArray(), options);
    }

    /// <summary>Encodes several texts that were split into words, and pads them together.</summary>
    /// <param name="texts">The words of each text.</param>
    /// <param name="textPairs">The words of the second texts, one for each; null for none.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <returns>An encoding for each text, in their order.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="texts"/>, or a word, is null.</exception>
    /// <exception cref="ArgumentException">
    /// The numbers of texts differ, a word is not valid Unicode, or options do not fit each other.
    /// </exception>
    public IReadOnlyList<PerceiverEncoding> EncodeWordsBatch(
        IReadOnlyList<IReadOnlyList<string>> texts,
        IReadOnlyList<IReadOnlyList<string>>? textPairs = null,
        PerceiverEncodingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (textPairs is not null && textPairs.Count != texts.Count)
            throw new ArgumentException($"There are {texts.Count} texts and {textPairs.Count} second texts.", nameof(textPairs));
        options ??= new PerceiverEncodingOptions();
        options.Validate(Options.ModelMaxLength);
        var prepared = texts.Select((t, i) => Prepare(t, textPairs?[i], options)).ToArray();
        int longest = prepared.Length == 0 ? 0 : prepared.Max(p => p.InputIds.Count);
        return prepared.Select(p => Pad(p, options, longest) with { Length = options.ReturnLength ? p.InputIds.Count : null }).ToArray();
    }

    /// <summary>The text of ids, with spaces cleaned up where the tokenizer's settings say so.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An id is out of range.</exception>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens) =>
        Decode(ids, skipSpecialTokens, Options.CleanUpTokenizationSpaces);

    /// <summary>The text of ids.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    /// <param name="cleanUpTokenizationSpaces">Whether spaces before punctuation are removed.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An id is out of range.</exception>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens, bool cleanUpTokenizationSpaces)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var bytes = new List<byte>();
        foreach (int id in ids)
        {
            CheckId(id, nameof(ids));
            if (id >= FirstByteId || !skipSpecialTokens)
                bytes.AddRange(BytesOf(id));
        }

        string text = Utf8Text.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes));
        if (cleanUpTokenizationSpaces)
        {
            foreach (var (from, to) in CleanUps)
                text = text.Replace(from, to, StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>1 for each special token among ids, 0 for each byte.</summary>
    /// <param name="ids">The ids.</param>
    /// <returns>A number for each id.</returns>
    public static IReadOnlyList<int> SpecialTokensMask(IEnumerable<int> ids) => ids.Select(id => id < FirstByteId ? 1 : 0).ToArray();

    /// <summary>
    /// The ids of a text, or a pair, as a model reads them, truncated to a length between characters; of a pair the longer text is
    /// truncated first.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="textPair">The second text; null for none.</param>
    /// <param name="maxLength">The largest length, with the special tokens.</param>
    /// <param name="truncated">Whether anything was cut off.</param>
    internal int[] EncodeForModel(ReadOnlySpan<char> text, string? textPair, int maxLength, out bool truncated) =>
        EncodeForModel(text, textPair, maxLength, out truncated, out _);

    /// <param name="text">The text.</param>
    /// <param name="textPair">The second text; null for none.</param>
    /// <param name="maxLength">The largest length, with the special tokens.</param>
    /// <param name="truncated">Whether anything was cut off.</param>
    /// <param name="firstLength">The tokens of the first text, without those round it.</param>
    /// <inheritdoc cref="EncodeForModel(ReadOnlySpan{char}, string?, int, out bool)"/>
    internal int[] EncodeForModel(ReadOnlySpan<char> text, string? textPair, int maxLength, out bool truncated, out int firstLength)
    {
        int[] first = Tokenize(text);
        int[]? second = textPair is null ? null : Tokenize(textPair);
        int excess = first.Length + (second?.Length ?? 0) + (second is null ? 2 : 3) - maxLength;
        truncated = excess > 0;
        if (truncated && second is null)
        {
            first = WholeCharacters(first, first.Length - excess);
        }
        else if (truncated)
        {
            var (fromFirst, fromSecond) = TokenSequences.Balance(first.Length, second!.Length, excess);
            first = WholeCharacters(first, first.Length - fromFirst);
            second = WholeCharacters(second, second.Length - fromSecond);
        }

        firstLength = first.Length;
        return Join(first, second, special: true);
    }

    private static int[] WholeCharacters(int[] ids, int length)
    {
        length = Math.Max(0, length);
        // The cut moves back to the character's first byte.
        while (length > 0 && length < ids.Length && ids[length] >= FirstByteId && Utf8Text.IsContinuation(ids[length] - FirstByteId))
            length--;
        return ids[..length];
    }

    private ReadOnlySpan<byte> BytesOf(int id) =>
        id < FirstByteId ? System.Text.Encoding.UTF8.GetBytes(_special[id]) : new byte[] { (byte)(id - FirstByteId) };

    private PerceiverEncoding Prepare(IEnumerable<string> words, IEnumerable<string>? pairWords, PerceiverEncodingOptions options)
    {
        var truncation = options.EffectiveTruncation;
        int[] first = TokenizeWords(words, options), original = first;
        int[]? second = pairWords is null ? null : TokenizeWords(pairWords, options);
        if (options.ReturnOverflowingTokens && truncation == PerceiverTokenizerTruncation.LongestFirst && second is not null)
        {
            throw new ArgumentException(
                "The overflowing tokens of a pair cannot be told where the longest is cut first; cut only the first or only the second.",
                nameof(options));
        }

        int limit = options.MaxLength ?? Options.ModelMaxLength;
        int special = !options.AddSpecialTokens ? 0 : second is null ? 2 : 3;
        int excess = original.Length + (second?.Length ?? 0) + special - limit;
        int[] overflow = [];
        // For the reference a limit of zero is no limit.
        if (truncation != PerceiverTokenizerTruncation.None && limit > 0 && excess > 0)
            (first, second, overflow) = TokenSequences.Truncate(first, second, excess, truncation, Options.TruncationSide, options.Stride);
        return new PerceiverEncoding
        {
            InputIds = Join(first, second, options.AddSpecialTokens),
            TokenTypeIds = options.ReturnTokenTypeIds ? [.. new int[first.Length], .. Enumerable.Repeat(1, second?.Length ?? 0)] : null,
            SpecialTokensMask = options.ReturnSpecialTokensMask ? AddedMask(first.Length, second?.Length, options.AddSpecialTokens) : null,
            OverflowingTokens = options.ReturnOverflowingTokens ? overflow : null,
            NumTruncatedTokens = options.ReturnOverflowingTokens ? excess : null,
        };
    }

    private int[] TokenizeWords(IEnumerable<string> words, PerceiverEncodingOptions options)
    {
        var ids = new List<int>();
        foreach (string word in words)
        {
            ArgumentNullException.ThrowIfNull(word, nameof(words));
            ids.AddRange(Tokenize(word, options.SplitSpecialTokens));
        }

        return [.. ids];
    }

    private static int[] Join(int[] first, int[]? second, bool special)
    {
        if (!special)
            return [.. first, .. second ?? []];
        return second is null ? [ClsTokenId, .. first, SepTokenId] : [ClsTokenId, .. first, SepTokenId, .. second, SepTokenId];
    }

    private static int[] AddedMask(int first, int? second, bool special)
    {
        if (!special)
            return new int[first + (second ?? 0)];
        return second is { } length ? [1, .. new int[first], 1, .. new int[length], 1] : [1, .. new int[first], 1];
    }

    private PerceiverEncoding Pad(PerceiverEncoding encoding, PerceiverEncodingOptions options, int longest)
    {
        int length = encoding.InputIds.Count;
        int target = options.Padding switch
        {
            PerceiverTokenizerPadding.Longest => longest,
            PerceiverTokenizerPadding.MaxLength => options.MaxLength ?? Options.ModelMaxLength,
            _ => length,
        };
        if (options.Padding != PerceiverTokenizerPadding.None && options.PadToMultipleOf is { } multiple && target % multiple != 0)
            target = (target / multiple + 1) * multiple;
        int missing = options.Padding == PerceiverTokenizerPadding.None ? 0 : target - length;
        int[]? mask = options.ReturnAttentionMask ? Enumerable.Repeat(1, length).ToArray() : null;
        return encoding with
        {
            InputIds = TokenSequences.Pad(encoding.InputIds, missing, PadTokenId, Options.PaddingSide)!,
            AttentionMask = TokenSequences.Pad(mask, missing, 0, Options.PaddingSide),
            TokenTypeIds = TokenSequences.Pad(encoding.TokenTypeIds, missing, 0, Options.PaddingSide),
            SpecialTokensMask = TokenSequences.Pad(encoding.SpecialTokensMask, missing, 1, Options.PaddingSide),
        };
    }
}
