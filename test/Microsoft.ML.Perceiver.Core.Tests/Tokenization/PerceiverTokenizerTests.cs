using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.Perceiver.Tests.Tokenization;

/// <summary>The contract of the base class, files, and what the golden lines leave open.</summary>
[TestClass]
public sealed class PerceiverTokenizerTests
{
    private static readonly PerceiverTokenizer Tokenizer = PerceiverTokenizer.Default;

    [TestMethod]
    public void Any_text_comes_back_as_it_was() => Prop.ForAll<NonNull<string>>(s =>
    {
        string text = new(s.Get.Where(c => !char.IsSurrogate(c)).ToArray());
        return Tokenizer.Decode(Tokenizer.EncodeToIds(text)) == text && Tokenizer.CountTokens(text) == Tokenizer.EncodeToIds(text).Count;
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Offsets_cover_the_text_in_order()
    {
        const string text = "aé[MASK]😀.";
        var tokens = ((Tokenizer)Tokenizer).EncodeToTokens(text, out _);
        CollectionAssert.AreEqual(Tokenizer.EncodeToIds(text).ToArray(), tokens.Select(t => t.Id).ToArray());
        string[] expected = ["a", "é", "é", "[MASK]", "😀", "😀", "😀", "😀", "."];
        CollectionAssert.AreEqual(expected, tokens.Select(t => text[t.Offset]).ToArray());
        Assert.AreEqual("[MASK]", tokens[3].Value);
    }

    [TestMethod]
    [DataRow(0, 0, 0)]
    [DataRow(1, 1, 1)]
    [DataRow(2, 1, 1)]
    [DataRow(3, 3, 2)]
    [DataRow(4, 4, 8)]
    [DataRow(7, 4, 8)]
    [DataRow(8, 8, 10)]
    [DataRow(100, 9, 11)]
    public void A_token_limit_keeps_characters_whole(int limit, int tokens, int characters)
    {
        const string text = "aé[MASK]😀.";
        Assert.HasCount(tokens, Tokenizer.EncodeToIds(text, limit, out _, out int consumed));
        Assert.AreEqual(characters, consumed);
        Assert.AreEqual(characters, Tokenizer.GetIndexByTokenCount(text, limit, out _, out int count));
        Assert.AreEqual(tokens, count);
    }

    [TestMethod]
    [DataRow(0, 11, 0)]
    [DataRow(1, 10, 1)]
    [DataRow(4, 10, 1)]
    [DataRow(5, 8, 5)]
    [DataRow(6, 2, 6)]
    [DataRow(7, 2, 6)]
    [DataRow(100, 0, 9)]
    public void A_token_limit_from_the_end_keeps_characters_whole(int limit, int index, int tokens)
    {
        Assert.AreEqual(index, Tokenizer.GetIndexByTokenCountFromEnd("aé[MASK]😀.", limit, out _, out int count));
        Assert.AreEqual(tokens, count);
    }

    [TestMethod]
    public void Decoding_into_a_span_stops_where_it_is_full()
    {
        int[] ids = [.. Tokenizer.EncodeToIds("aé😀b")];
        Span<char> buffer = new char[10];
        Assert.AreEqual(OperationStatus.Done, Tokenizer.Decode(ids, buffer, out int consumed, out int written));
        Assert.AreEqual("aé😀b", buffer[..written].ToString());
        Assert.AreEqual(ids.Length, consumed);
        Assert.AreEqual(OperationStatus.DestinationTooSmall, Tokenizer.Decode(ids, buffer[..3], out consumed, out written));
        Assert.AreEqual("aé", buffer[..written].ToString());
        Assert.AreEqual(3, consumed);
        Assert.AreEqual(OperationStatus.Done, Tokenizer.Decode([ids[1]], buffer, out _, out written));
        Assert.AreEqual("\uFFFD", buffer[..written].ToString());
    }

    [TestMethod]
    public void A_lone_surrogate_is_refused_by_its_place()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Tokenizer.Encode("ab\uD800c")).Message, "at 2");
        Assert.ThrowsExactly<ArgumentException>(() => Tokenizer.Encode("[MASK]ab\uD800"));
        Assert.ThrowsExactly<ArgumentException>(() => Tokenizer.EncodeToTokens("\uDC00", out _));
    }

    [TestMethod]
    public void Bad_arguments_are_refused()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => Tokenizer.Encode(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => Tokenizer.EncodeBatch(["a", null!]));
        Assert.ThrowsExactly<ArgumentException>(() => Tokenizer.EncodeBatch(["a"], ["b", "c"]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Tokenizer.Decode([262]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Tokenizer.TokenOf(-1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Tokenizer.Encode("a", options: new() { Stride = -1 }));
        Assert.ThrowsExactly<ArgumentException>(
            () => Tokenizer.Encode("a", options: new() { ReturnTokenTypeIds = true, AddSpecialTokens = false }));
        Assert.ThrowsExactly<ArgumentException>(() => new PerceiverTokenizer(new() { MaskToken = "[PAD]" }));
        Assert.ThrowsExactly<ArgumentException>(() => new PerceiverTokenizer(new() { MaskToken = "" }));
    }

    [TestMethod]
    [DataRow("aé😀", null, 9, 9, false)]
    [DataRow("aé😀", null, 8, 5, true)]
    [DataRow("aé😀", null, 5, 5, true)]
    [DataRow("aé😀", null, 4, 3, true)]
    [DataRow("aé😀", "b", 11, 11, false)]
    [DataRow("aé😀", "b", 10, 7, true)]
    public void Cutting_for_a_model_keeps_characters_whole(string text, string? pair, int limit, int length, bool cut)
    {
        int[] ids = Tokenizer.EncodeForModel(text, pair, limit, out bool truncated);
        Assert.HasCount(length, ids);
        Assert.AreEqual(cut, truncated);
        Assert.IsFalse(Tokenizer.Decode(ids).Contains('\uFFFD', StringComparison.Ordinal));
    }

    [TestMethod]
    public void A_largest_length_alone_cuts_the_longest_first()
    {
        PerceiverEncodingOptions eight = new() { MaxLength = 8 }, padded = eight with { Padding = PerceiverTokenizerPadding.MaxLength };
        CollectionAssert.AreEqual(
            Tokenizer.Encode("abcdef").InputIds.ToArray(), Tokenizer.Encode("abcdefgh", options: eight).InputIds.ToArray());
        Assert.HasCount(8, Tokenizer.EncodeBatch(["abcd"], ["efgh"], eight)[0].InputIds);
        // What is said explicitly stays, and padding needs truncation to be asked for.
        Assert.HasCount(10, Tokenizer.Encode("abcdefgh", options: eight with { Truncation = PerceiverTokenizerTruncation.None }).InputIds);
        Assert.HasCount(10, Tokenizer.Encode("abcdefgh", options: padded).InputIds);
        Assert.HasCount(
            8, Tokenizer.Encode("abcdefgh", options: padded with { Truncation = PerceiverTokenizerTruncation.OnlyFirst }).InputIds);
        Assert.HasCount(5000, Tokenizer.Encode(new string('a', 4998)).InputIds);
        Assert.HasCount(11, Tokenizer.Encode("abcd", "efgh", new() { MaxLength = 0 }).InputIds);
        Assert.ThrowsExactly<ArgumentException>(() => Tokenizer.Encode("abcd", "efgh", eight with { ReturnOverflowingTokens = true }));
    }

    [TestMethod]
    [DataRow(12, PerceiverTokenizerPadding.Longest, PerceiverTokenizerTruncation.LongestFirst, true)]
    [DataRow(12, PerceiverTokenizerPadding.MaxLength, PerceiverTokenizerTruncation.OnlyFirst, true)]
    [DataRow(null, PerceiverTokenizerPadding.Longest, PerceiverTokenizerTruncation.LongestFirst, true)]
    [DataRow(16, PerceiverTokenizerPadding.Longest, PerceiverTokenizerTruncation.LongestFirst, false)]
    [DataRow(12, PerceiverTokenizerPadding.Longest, null, false)]
    [DataRow(12, PerceiverTokenizerPadding.None, null, false)]
    public void Cutting_to_a_length_that_padding_would_go_beyond_is_refused(
        int? length, PerceiverTokenizerPadding padding, PerceiverTokenizerTruncation? truncation, bool refused)
    {
        var tokenizer = new PerceiverTokenizer(new() { ModelMaxLength = 30 });
        var options = new PerceiverEncodingOptions { MaxLength = length, Padding = padding, Truncation = truncation, PadToMultipleOf = 8 };
        if (!refused)
        {
            tokenizer.Encode("abc", options: options);
            return;
        }

        string message = Assert.ThrowsExactly<ArgumentException>(() => tokenizer.EncodeBatch(["abc"], options: options)).Message;
        StringAssert.Contains(message, $"{length ?? 30}");
        StringAssert.Contains(message, "8");
    }

    [TestMethod]
    public void Files_are_written_as_the_reference_writes_them_and_read_back()
    {
        using var folder = new TemporaryFolder();
        PerceiverTokenizer.FromDirectory(GoldenFolder.BundledPathOf("tokenizer")).SaveTo(folder.Path);
        foreach (string file in new[] { "tokenizer_config.json", "special_tokens_map.json" })
        {
            var expected = JsonNode.Parse(File.ReadAllText(GoldenFolder.BundledPathOf("tokenizer", file)));
            Assert.IsTrue(JsonNode.DeepEquals(expected, JsonNode.Parse(File.ReadAllText(folder[file]))), file);
        }

        var options = new PerceiverTokenizerOptions
        {
            MaskToken = "<mask>",
            ModelMaxLength = 77,
            PaddingSide = PerceiverTokenizerSide.Left,
            CleanUpTokenizationSpaces = false,
        };
        new PerceiverTokenizer(options).SaveTo(folder.Path);
        Assert.AreEqual(options, PerceiverTokenizer.FromDirectory(folder.Path).Options);
    }

    [TestMethod]
    public void The_vocabulary_is_the_references()
    {
        var expected = JsonSerializer.Deserialize<Dictionary<string, int>>(
            File.ReadAllText(GoldenFolder.BundledPathOf("tokenizer", "get_vocab.json")))!;
        CollectionAssert.AreEquivalent(expected.ToArray(), Tokenizer.Vocabulary.ToArray());
    }

    [TestMethod]
    public void Damaged_and_missing_files_are_named()
    {
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => PerceiverTokenizer.FromDirectory("/no/such/folder"));
        using var folder = new TemporaryFolder();
        Assert.AreEqual(new PerceiverTokenizerOptions(), PerceiverTokenizer.FromDirectory(folder.Path).Options);
        string[] damaged =
            ["{", "[]", """{"mask_token": "[PAD]"}""", """{"model_max_length": "x"}""", """{"padding_side": "up"}"""];
        foreach (string text in damaged)
        {
            File.WriteAllText(folder["tokenizer_config.json"], text);
            StringAssert.Contains(
                Assert.ThrowsExactly<FormatException>(() => PerceiverTokenizer.FromDirectory(folder.Path)).Message, folder.Path);
        }
    }
}
