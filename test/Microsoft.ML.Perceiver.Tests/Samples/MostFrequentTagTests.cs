using TokenClassification;

namespace Microsoft.ML.Perceiver.Tests.Samples;

/// <summary>The baseline of samples/TokenClassification.</summary>
[TestClass]
public sealed class MostFrequentTagTests
{
    private static readonly MostFrequentTag Baseline = MostFrequentTag.Fit(
    [
        new(["the", "run", "was", "long"], ["AT", "NN", "BEDZ", "JJ"]),
        new(["They", "run", "the", "race"], ["PPSS", "VB", "AT", "NN"]),
        new(["They", "run"], ["PPSS", "VB"]),
        // Two of the three words that occur once and begin with a capital letter are proper nouns, two of the four others nouns.
        new(["Paris", "Rome", "Two", "the", "the", "the", "house", "was"], ["NP", "NP", "CD", "AT", "AT", "AT", "NN", "BEDZ"]),
        new(["Stop"], ["VB"]),
        new(["Stop"], ["NN"]),
        new(["go"], ["VB"]),
    ]);

    [TestMethod]
    [DataRow("run", "VB", DisplayName = "the most frequent tag")]
    [DataRow("the", "AT", DisplayName = "the only tag")]
    [DataRow("The", "AT", DisplayName = "a known word in another case")]
    [DataRow("they", "PPSS", DisplayName = "a known word in another case, the other way round")]
    [DataRow("Stop", "NN", DisplayName = "equal counts, by the order of the tags")]
    [DataRow("Berlin", "NP", DisplayName = "an unknown word with a capital letter")]
    [DataRow("table", "NN", DisplayName = "an unknown word")]
    [DataRow("17", "NN", DisplayName = "an unknown number")]
    public void A_word_gets_its_tag(string word, string tag) => Assert.AreEqual(tag, Baseline.Predict(word));

    [TestMethod]
    public void Accuracy_counts_words_and_unknown_words_apart()
    {
        var evaluation = Baseline.Evaluate(
        [
            new(["The", "table", "run"], ["AT", "NN", "NN"]),
            new(["They", "was", "Stop", "Berlin", "17"], ["PPSS", "BEDZ", "NN", "NP", "CD"]),
        ]);
        Assert.AreEqual(8, evaluation.Tokens);
        Assert.AreEqual(6 / 8.0, evaluation.Accuracy);
        // The, table, Berlin, 17.
        Assert.AreEqual(4, evaluation.UnknownTokens);
        Assert.AreEqual(3 / 4.0, evaluation.UnknownAccuracy);
    }

    [TestMethod]
    public void Without_words_that_occur_once_an_unknown_word_gets_the_most_frequent_tag_of_all()
    {
        var baseline = MostFrequentTag.Fit([new(["a", "a", "b", "b", "b"], ["X", "X", "Y", "Y", "Y"])]);
        Assert.AreEqual("Y", baseline.Predict("c"));
        Assert.AreEqual("Y", baseline.Predict("C"));
    }

    [TestMethod]
    public void Sentences_without_words_are_refused() =>
        Assert.ThrowsExactly<ArgumentException>(() => MostFrequentTag.Fit([new TaggedSentence([], [])]));
}
