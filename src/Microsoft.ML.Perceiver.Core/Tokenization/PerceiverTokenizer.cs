using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Bytes as tokens: the UTF-8 bytes of a text, each plus six, and six special tokens, which are also recognised inside a text (reference
/// class <c>PerceiverTokenizer</c>).
/// </summary>
/// <remarks>
/// The methods of the base class give the tokens of the text only; <see cref="Encode(string, string?, PerceiverEncodingOptions?)"/> and the
/// similar methods add <c>[CLS]</c> and <c>[SEP]</c> as the models expect. Several threads may use one instance.
/// </remarks>
public sealed partial class PerceiverTokenizer : Tokenizer
{
    /// <summary>The id of the byte 0; the ids below it are those of the special tokens.</summary>
    public const int FirstByteId = 6;

    /// <summary>The number of ids: 256 bytes and 6 special tokens.</summary>
    public const int VocabularySize = FirstByteId + ByteCount;

    /// <summary>The number of values of a byte.</summary>
    internal const int ByteCount = 256;

    /// <summary>The id of <c>[PAD]</c>, which pads short texts.</summary>
    public const int PadTokenId = 0;

    /// <summary>The id of <c>[BOS]</c>.</summary>
    public const int BosTokenId = 1;

    /// <summary>The id of <c>[EOS]</c>.</summary>
    public const int EosTokenId = 2;

    /// <summary>The id of <c>[MASK]</c>, which replaces a byte that is to be predicted.</summary>
    public const int MaskTokenId = 3;

    /// <summary>The id of <c>[CLS]</c>, which begins a text.</summary>
    public const int ClsTokenId = 4;

    /// <summary>The id of <c>[SEP]</c>, which ends a text.</summary>
    public const int SepTokenId = 5;

    private readonly string[] _special;
    private readonly SpecialTokenSplitter _splitter;

    /// <summary>Makes a tokenizer.</summary>
    /// <param name="options">Its settings; null for those of the published checkpoints.</param>
    /// <exception cref="ArgumentException">A special token is empty, or two are equal.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The model's length is not positive.</exception>
    public PerceiverTokenizer(PerceiverTokenizerOptions? options = null)
    {
        Options = options ?? new PerceiverTokenizerOptions();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Options.ModelMaxLength, nameof(options));
        _special = Options.SpecialTokens;
        if (_special.Any(string.IsNullOrEmpty) || _special.Distinct(StringComparer.Ordinal).Count() < _special.Length)
        {
            throw new ArgumentException(
                $"The special tokens '{string.Join("', '", _special)}' must not be empty, and each must be another.", nameof(options));
        }

        _splitter = new SpecialTokenSplitter(_special);
        var vocabulary = Enumerable.Range(0, ByteCount)
            .ToDictionary(b => ((char)b).ToString(), b => b + FirstByteId, StringComparer.Ordinal);
        // A special token of one character takes the place of the byte that is written alike, as in the reference.
        for (int id = 0; id < _special.Length; id++)
            vocabulary[_special[id]] = id;
        Vocabulary = vocabulary;
    }

    /// <summary>The tokenizer of the published checkpoints.</summary>
    public static PerceiverTokenizer Default { get; } = new();

    /// <summary>The settings.</summary>
    public PerceiverTokenizerOptions Options { get; }

    /// <summary>
    /// The id of each token: a special token's text, or the character whose number is the byte. A special token of one character stands in
    /// place of the byte that is written alike.
    /// </summary>
    public IReadOnlyDictionary<string, int> Vocabulary { get; }

    /// <summary>Null: a text is not normalised.</summary>
    public override Normalizer? Normalizer => null;

    /// <summary>Null: a text is not split into words.</summary>
    public override PreTokenizer? PreTokenizer => null;

    /// <summary>The token of an id: a special token's text, or the character whose number is the byte.</summary>
    /// <param name="id">The id.</param>
    /// <returns>The token.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such id.</exception>
    public string TokenOf(int id)
    {
        CheckId(id, nameof(id));
        return id < FirstByteId ? _special[id] : ((char)(id - FirstByteId)).ToString();
    }

    /// <summary>The ids of a text, without added special tokens.</summary>
    /// <param name="text">The text.</param>
    /// <param name="splitSpecialTokens">Whether special tokens in the text are encoded as plain text.</param>
    /// <exception cref="ArgumentException">The text is not valid Unicode.</exception>
    internal int[] Tokenize(ReadOnlySpan<char> text, bool splitSpecialTokens = false)
    {
        if (splitSpecialTokens || Options.SplitSpecialTokens || !_splitter.TryFind(text, out int start, out int length, out int id))
            return Widen(Utf8Text.GetBytes(text));
        var ids = new List<int>(text.Length + 8);
        int consumed = 0;
        do
        {
            ids.AddRange(Widen(BytesAt(text, start, consumed)));
            ids.Add(id);
            text = text[(start + length)..];
            consumed += start + length;
        }
        while (_splitter.TryFind(text, out start, out length, out id));
        ids.AddRange(Widen(BytesAt(text, text.Length, consumed)));
        return [.. ids];
    }

    private static byte[] BytesAt(ReadOnlySpan<char> text, int length, int consumed)
    {
        try
        {
            return Utf8Text.GetBytes(text[..length]);
        }
        catch (ArgumentException e) when (consumed > 0)
        {
            throw new ArgumentException($"{e.Message} (counted from {consumed}, after the last special token)", e);
        }
    }

    private static int[] Widen(byte[] bytes)
    {
        int[] ids = new int[bytes.Length];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = bytes[i] + FirstByteId;
        return ids;
    }

    private static void CheckId(int id, string name)
    {
        if (id is < 0 or >= VocabularySize)
            throw new ArgumentOutOfRangeException(name, id, $"{id} is no token id; ids go from 0 to {VocabularySize - 1}.");
    }
}
