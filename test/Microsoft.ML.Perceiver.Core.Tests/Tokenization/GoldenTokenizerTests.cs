using System.Text.Json;

namespace Microsoft.ML.Perceiver.Tests.Tokenization;

/// <summary>Every line of the golden tokenizer.jsonl.</summary>
[TestClass]
public sealed class GoldenTokenizerTests
{
    public static IEnumerable<object[]> Lines => GoldenFolder.RowsOrNone(ReadLines().Select((line, i) =>
        new object[] { $"line {i}", line }));

    public static string NameOf(System.Reflection.MethodInfo method, object[] data) => $"tokenizer {data[0]}";

    [TestMethod]
    [TestCategory("Parity")]
    [DynamicData(nameof(Lines), DynamicDataDisplayName = nameof(NameOf))]
    public void Equals_the_reference(string number, string json = "")
    {
        GoldenFolder.SkipIfNone(number);
        using var document = JsonDocument.Parse(json);
        var line = document.RootElement;
        var tokenizer = new PerceiverTokenizer(TokenizerOptions(line));
        Action run = line.GetProperty("kind").GetString() == "decode"
            ? () => CheckDecode(tokenizer, line)
            : () => CheckEncode(tokenizer, line);
        if (line.TryGetProperty("error", out _))
        {
            // Python's ValueError and UnicodeEncodeError are this library's ArgumentExceptions.
            Assert.Throws<ArgumentException>(run);
            return;
        }

        run();
    }

    private static IEnumerable<string> ReadLines()
    {
        string path = GoldenFolder.PathOf("tokenizer.jsonl");
        return File.Exists(path) ? File.ReadLines(path).Where(l => l.Length > 0) : [];
    }

    private static void CheckDecode(PerceiverTokenizer tokenizer, JsonElement line)
    {
        int[] ids = Ints(line.GetProperty("ids"));
        string decoded = tokenizer.Decode(ids, skipSpecialTokens: false);
        Assert.AreEqual(line.GetProperty("decoded").GetString(), decoded);
        Assert.AreEqual(line.GetProperty("decoded_skip_special").GetString(), tokenizer.Decode(ids, skipSpecialTokens: true));
        Assert.AreEqual(
            line.GetProperty("decoded_no_cleanup").GetString(),
            tokenizer.Decode(ids, skipSpecialTokens: false, cleanUpTokenizationSpaces: false));
        CollectionAssert.AreEqual(Strings(line.GetProperty("tokens")), ids.Select(tokenizer.TokenOf).ToArray());
        CollectionAssert.AreEqual(Ints(line.GetProperty("special_tokens_mask")), PerceiverTokenizer.SpecialTokensMask(ids).ToArray());
    }

    private static void CheckEncode(PerceiverTokenizer tokenizer, JsonElement line)
    {
        var kwargs = line.GetProperty("kwargs");
        var options = EncodingOptions(line, kwargs);
        bool split = kwargs.TryGetProperty("is_split_into_words", out var s) && s.GetBoolean();
        var text = line.GetProperty("text");
        JsonElement? pair = line.TryGetProperty("text_pair", out var p) && p.ValueKind != JsonValueKind.Null ? p : null;
        bool batch = text.ValueKind == JsonValueKind.Array && (!split || text[0].ValueKind == JsonValueKind.Array);
        if (!batch)
        {
            var single = split
                ? tokenizer.EncodeWords(Strings(text), pair is { } pw ? Strings(pw) : null, options)
                : tokenizer.Encode(Text(text), pair is { } pt ? Text(pt) : null, options);
            CheckOne(tokenizer, single, line, name => line.TryGetProperty(name, out var e) ? e : null);
            return;
        }

        var many = split
            ? tokenizer.EncodeWordsBatch(
                text.EnumerateArray().Select(Strings).ToArray(), pair?.EnumerateArray().Select(Strings).ToArray(), options)
            : tokenizer.EncodeBatch(text.EnumerateArray().Select(Text).ToArray(), pair?.EnumerateArray().Select(Text).ToArray(), options);
        Assert.HasCount(text.GetArrayLength(), many);
        for (int i = 0; i < many.Count; i++)
            CheckOne(tokenizer, many[i], null, name => line.TryGetProperty(name, out var e) ? e[i] : null);
    }

    private static void CheckOne(
        PerceiverTokenizer tokenizer, PerceiverEncoding actual, JsonElement? line, Func<string, JsonElement?> expected)
    {
        CollectionAssert.AreEqual(Ints(expected("input_ids")!.Value), actual.InputIds.ToArray(), "input_ids");
        CheckList(expected("attention_mask"), actual.AttentionMask, "attention_mask");
        CheckList(expected("special_tokens_mask"), actual.SpecialTokensMask, "special_tokens_mask");
        CheckList(expected("token_type_ids"), actual.TokenTypeIds, "token_type_ids");
        CheckList(expected("overflowing_tokens"), actual.OverflowingTokens, "overflowing_tokens");
        Assert.AreEqual(expected("num_truncated_tokens")?.GetInt32(), actual.NumTruncatedTokens, "num_truncated_tokens");
        Assert.AreEqual(expected("length")?.GetInt32(), actual.Length, "length");
        if (line is not { } l || !l.TryGetProperty("decoded", out var decoded))
            return;
        var ids = actual.InputIds;
        Assert.AreEqual(decoded.GetString(), tokenizer.Decode(ids, skipSpecialTokens: false));
        Assert.AreEqual(l.GetProperty("decoded_skip_special").GetString(), tokenizer.Decode(ids, skipSpecialTokens: true));
        Assert.AreEqual(
            l.GetProperty("decoded_no_cleanup").GetString(),
            tokenizer.Decode(ids, skipSpecialTokens: false, cleanUpTokenizationSpaces: false));
        Assert.AreEqual(
            l.GetProperty("decoded_skip_no_cleanup").GetString(),
            tokenizer.Decode(ids, skipSpecialTokens: true, cleanUpTokenizationSpaces: false));
    }

    private static void CheckList(JsonElement? expected, IReadOnlyList<int>? actual, string name)
    {
        if (expected is not { } list)
            Assert.IsNull(actual, name);
        else
            CollectionAssert.AreEqual(Ints(list), actual?.ToArray(), name);
    }

    private static PerceiverTokenizerOptions TokenizerOptions(JsonElement line)
    {
        var options = new PerceiverTokenizerOptions();
        if (!line.TryGetProperty("tokenizer_kwargs", out var kwargs))
            return options;
        foreach (var k in kwargs.EnumerateObject())
        {
            options = k.Name switch
            {
                "pad_token" => options with { PadToken = k.Value.GetString()! },
                "bos_token" => options with { BosToken = k.Value.GetString()! },
                "eos_token" => options with { EosToken = k.Value.GetString()! },
                "mask_token" => options with { MaskToken = k.Value.GetString()! },
                "cls_token" => options with { ClsToken = k.Value.GetString()! },
                "sep_token" => options with { SepToken = k.Value.GetString()! },
                "model_max_length" => options with { ModelMaxLength = k.Value.GetInt32() },
                "padding_side" => options with { PaddingSide = Side(k.Value) },
                "truncation_side" => options with { TruncationSide = Side(k.Value) },
                var other => throw new NotSupportedException($"tokenizer argument {other}"),
            };
        }

        return options;
    }

    private static PerceiverEncodingOptions EncodingOptions(JsonElement line, JsonElement kwargs)
    {
        // The golden lines were made with the special tokens' mask asked for.
        var options = new PerceiverEncodingOptions { ReturnSpecialTokensMask = line.TryGetProperty("special_tokens_mask", out _) };
        foreach (var k in kwargs.EnumerateObject())
        {
            options = k.Name switch
            {
                // Python's None says nothing, as if the argument were not there.
                _ when k.Value.ValueKind == JsonValueKind.Null => options,
                "add_special_tokens" => options with { AddSpecialTokens = k.Value.GetBoolean() },
                "padding" => options with { Padding = Padding(k.Value) },
                "truncation" => options with { Truncation = Truncation(k.Value) },
                "max_length" => options with { MaxLength = k.Value.GetInt32() },
                "stride" => options with { Stride = k.Value.GetInt32() },
                "pad_to_multiple_of" => options with { PadToMultipleOf = k.Value.GetInt32() },
                "split_special_tokens" => options with { SplitSpecialTokens = k.Value.GetBoolean() },
                "return_attention_mask" => options with { ReturnAttentionMask = k.Value.GetBoolean() },
                "return_token_type_ids" => options with { ReturnTokenTypeIds = k.Value.GetBoolean() },
                "return_special_tokens_mask" => options with { ReturnSpecialTokensMask = k.Value.GetBoolean() },
                "return_overflowing_tokens" => options with { ReturnOverflowingTokens = k.Value.GetBoolean() },
                "return_length" => options with { ReturnLength = k.Value.GetBoolean() },
                "is_split_into_words" => options,
                "verbose" or "return_tensors" => options,
                var other => throw new NotSupportedException($"argument {other}"),
            };
        }

        // The reference lets the largest length alone cut where padding is False, but not where it is the text "do_not_pad".
        bool named = kwargs.TryGetProperty("padding", out var padding) && padding.ValueKind == JsonValueKind.String;
        return named && options.Truncation is null ? options with { Truncation = PerceiverTokenizerTruncation.None } : options;
    }

    private static PerceiverTokenizerPadding Padding(JsonElement e) => e.ValueKind switch
    {
        JsonValueKind.True => PerceiverTokenizerPadding.Longest,
        JsonValueKind.False => PerceiverTokenizerPadding.None,
        _ =>
            e.GetString() switch
            {
                "longest" => PerceiverTokenizerPadding.Longest,
                "max_length" => PerceiverTokenizerPadding.MaxLength,
                _ => PerceiverTokenizerPadding.None,
            },
    };

    private static PerceiverTokenizerTruncation Truncation(JsonElement e) => e.ValueKind switch
    {
        JsonValueKind.True => PerceiverTokenizerTruncation.LongestFirst,
        JsonValueKind.False => PerceiverTokenizerTruncation.None,
        _ => e.GetString() switch
        {
            "longest_first" => PerceiverTokenizerTruncation.LongestFirst,
            "only_first" => PerceiverTokenizerTruncation.OnlyFirst,
            "only_second" => PerceiverTokenizerTruncation.OnlySecond,
            _ => PerceiverTokenizerTruncation.None,
        },
    };

    private static PerceiverTokenizerSide Side(JsonElement e) =>
        e.GetString() == "left" ? PerceiverTokenizerSide.Left : PerceiverTokenizerSide.Right;

    private static string Text(JsonElement e) =>
        e.ValueKind == JsonValueKind.Object
            ? new string(e.GetProperty("utf16").EnumerateArray().Select(c => (char)c.GetInt32()).ToArray())
            : e.GetString()!;

    private static string[] Strings(JsonElement e) => e.EnumerateArray().Select(Text).ToArray();

    private static int[] Ints(JsonElement e) => e.EnumerateArray().Select(i => i.GetInt32()).ToArray();
}
