using BatchScore.Outputs;

namespace Microsoft.ML.Perceiver.BatchScore.Tests;

/// <summary>Fields of tab-separated files.</summary>
[TestClass]
public sealed class TsvTextTests
{
    [TestMethod]
    [DataRow("plain")]
    [DataRow("")]
    [DataRow("a\tb\nc\rd\\e\\t")]
    [DataRow("\\")]
    [DataRow("ä🙂\\n\n")]
    public void A_text_is_one_field_and_comes_back(string text)
    {
        string field = TsvText.Of(text);
        Assert.IsLessThan(0, field.AsSpan().IndexOfAny('\t', '\n', '\r'));
        Assert.AreEqual(text, TsvText.Unescape(field));
    }

    [TestMethod]
    public void Numbers_have_all_their_digits()
    {
        Assert.AreEqual("0.1", TsvText.Of(0.1f));
        Assert.AreEqual(0.1f + 0.2f, float.Parse(TsvText.Of(0.1f + 0.2f), System.Globalization.CultureInfo.InvariantCulture));
        Assert.AreEqual("NaN", TsvText.Of(float.NaN));
        Assert.AreEqual("-9223372036854775808", TsvText.Of(long.MinValue));
        Assert.AreEqual("true", TsvText.Of(true));
        Assert.AreEqual("[1.5,null,-2]", TsvText.Of(new[] { 1.5f, float.NaN, -2f }));
        Assert.AreEqual("", TsvText.Of(null));
    }
}
