namespace Microsoft.ML.Perceiver.Tests.Tokenization;

/// <summary>Special and added tokens of a tokenizer's folder.</summary>
[TestClass]
public sealed class TokenizerFolderTests
{
    private const string Config = "tokenizer_config.json";

    [TestMethod]
    [DataRow(Config, """{"additional_special_tokens": ["<x>"]}""", "<x>")]
    [DataRow(Config, """{"additional_special_tokens": [{"content": "<x>", "lstrip": false}]}""", "<x>")]
    [DataRow("special_tokens_map.json", """{"additional_special_tokens": ["<x>"]}""", "<x>")]
    [DataRow("added_tokens.json", """{"<x>": 262}""", "<x>")]
    [DataRow("added_tokens.json", """{"[MASK]": 4}""", "[MASK]")]
    [DataRow(Config, """{"added_tokens_decoder": {"262": {"content": "<x>"}}}""", "<x>")]
    [DataRow(Config, """{"added_tokens_decoder": {"70": {"content": "a"}}}""", "'a'")]
    [DataRow(Config, """{"added_tokens_decoder": {"3": {"content": "<mask>"}}}""", "<mask>")]
    [DataRow(Config, """{"added_tokens_decoder": {"three": {"content": "[MASK]"}}}""", "[MASK]")]
    [DataRow(Config, """{"mask_token": {"content": "[MASK]", "lstrip": true}}""", "lstrip")]
    [DataRow("special_tokens_map.json", """{"sep_token": {"content": "[SEP]", "rstrip": true}}""", "rstrip")]
    [DataRow(Config, """{"added_tokens_decoder": {"0": {"content": "[PAD]", "single_word": true}}}""", "single_word")]
    public void What_would_change_the_ids_of_texts_is_refused_by_name(string file, string json, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder[file], json);
        var error = Assert.ThrowsExactly<FormatException>(() => PerceiverTokenizer.FromDirectory(folder.Path));
        StringAssert.Contains(error.Message, expected);
        StringAssert.Contains(error.Message, folder.Path);
    }

    [TestMethod]
    [DataRow("""{"additional_special_tokens": [], "added_tokens_decoder": {}}""")]
    [DataRow("""{"additional_special_tokens": null, "model_max_length": 1000000000000000019884624838656, "max_loss": NaN}""")]
    [DataRow("""{"additional_special_tokens": ["[CLS]"], "added_tokens_decoder": {"3": {"content": "[MASK]", "lstrip": false}}}""")]
    public void What_changes_nothing_is_read(string json)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder[Config], json);
        File.WriteAllText(folder["added_tokens.json"], "{}");
        CollectionAssert.AreEqual(
            PerceiverTokenizer.Default.Encode("a[MASK]").InputIds.ToArray(),
            PerceiverTokenizer.FromDirectory(folder.Path).Encode("a[MASK]").InputIds.ToArray());
    }

    [TestMethod]
    public void Splitting_of_special_tokens_is_a_setting_of_the_folder()
    {
        using var folder = new TemporaryFolder();
        new PerceiverTokenizer(new() { SplitSpecialTokens = true }).SaveTo(folder.Path);
        var tokenizer = PerceiverTokenizer.FromDirectory(folder.Path);
        Assert.IsTrue(tokenizer.Options.SplitSpecialTokens);
        Assert.HasCount(6, tokenizer.EncodeToIds("[MASK]"));
        Assert.HasCount(8, tokenizer.Encode("[MASK]").InputIds);
        Assert.AreEqual(6, tokenizer.CountTokens("[MASK]"));
        Assert.HasCount(6, tokenizer.EncodeToTokens("[MASK]", out _));
        Assert.HasCount(1, PerceiverTokenizer.Default.EncodeToIds("[MASK]"));
    }

    [TestMethod]
    [DataRow("_")]
    [DataRow("é")]
    [DataRow("漢")]
    public void A_special_token_may_be_one_character(string mask)
    {
        using var folder = new TemporaryFolder();
        new PerceiverTokenizer(new() { MaskToken = mask }).SaveTo(folder.Path);
        var tokenizer = PerceiverTokenizer.FromDirectory(folder.Path);
        Assert.AreEqual(PerceiverTokenizer.MaskTokenId, tokenizer.Vocabulary[mask]);
        CollectionAssert.AreEqual(
            new[] { 'a' + 6, PerceiverTokenizer.MaskTokenId, 'b' + 6 }, tokenizer.EncodeToIds($"a{mask}b").ToArray());
        Assert.AreEqual($"a{mask}b", tokenizer.Decode(tokenizer.EncodeToIds($"a{mask}b")));
        Assert.AreEqual('a' + 6, tokenizer.Vocabulary["a"]);
    }
}
