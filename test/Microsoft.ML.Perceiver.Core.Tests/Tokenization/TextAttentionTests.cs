namespace Microsoft.ML.Perceiver.Tests.Tokenization;

/// <summary>Weights of tokens as those of characters.</summary>
[TestClass]
public sealed class TextAttentionTests
{
    [TestMethod]
    public void Bytes_of_a_character_are_added()
    {
        // [CLS], a, two bytes of é, four of an emoji, [SEP].
        float[] weights = [0.5f, 1, 2, 3, 4, 5, 6, 7, 0.25f];
        CollectionAssert.AreEqual(
            new[] { 0.5f, 1, 5, 11, 11, 0.25f }, PerceiverTextAttention.ByCharacter(weights, "aé\U0001F600"));
    }

    [TestMethod]
    public void A_special_token_of_the_text_is_spread_over_its_characters()
    {
        float[] weights = [0, 1, 12, 3, 0];
        CollectionAssert.AreEqual(new float[] { 0, 1, 2, 2, 2, 2, 2, 2, 3, 0 }, PerceiverTextAttention.ByCharacter(weights, "a[MASK]b"));
    }

    [TestMethod]
    public void A_second_text_follows_with_its_own_separator()
    {
        float[] weights = [1, 2, 3, 4, 5, 6, 7];
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4, 5, 6, 7 }, PerceiverTextAttention.ByCharacter(weights, "ab", "cd"));
        CollectionAssert.AreEqual(new float[] { 1, 5, 4, 5, 6, 7 }, PerceiverTextAttention.ByCharacter(weights, "é", "cd"));
    }

    [TestMethod]
    public void What_was_cut_off_has_no_weight()
    {
        float[] weights = [1, 2, 3, 4];
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 0, 0, 4 }, PerceiverTextAttention.ByCharacter(weights, "abcd"));
        // Five tokens were allowed, and the two bytes of é do not fit.
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 0, 4 }, PerceiverTextAttention.ByCharacter(weights, "abé", maxLength: 5));
    }

    [TestMethod]
    public void A_text_of_another_length_is_refused()
    {
        float[] weights = [1, 2, 3, 4];
        var error = Assert.ThrowsExactly<ArgumentException>(() => PerceiverTextAttention.ByCharacter(weights, "a"));
        StringAssert.Contains(error.Message, "4 weights; the text has 3 tokens");
    }
}
