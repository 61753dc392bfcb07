using System.Text;

namespace Microsoft.ML.Perceiver.Tests.Training;

[TestClass]
public sealed class TextVariationTests
{
    private const string Text = "The Größe of 12 big houses, and 日本 too!";

    private static readonly PerceiverTextAugmentation None = new() { TypoProbability = 0, CutProbability = 0, CaseProbability = 0 };

    private static readonly int[] Ids = PerceiverTokenizer.Default.EncodeForModel(Text, null, 100, out _);

    [TestMethod]
    public void Without_probabilities_a_text_stays_as_it_is() => Assert.AreSame(Ids, Vary(None, 1));

    [TestMethod]
    public void Every_variation_is_a_text_of_whole_characters_within_the_limit()
    {
        var options = new PerceiverTextAugmentation { TypoProbability = 1, TypoRate = 1, CutProbability = 0.5, CaseProbability = 0.5 };
        var utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
        int longer = 0;
        for (int seed = 0; seed < 500; seed++)
        {
            int[] ids = Vary(options, seed, Ids.Length + 1);
            Assert.AreEqual(PerceiverTokenizer.ClsTokenId, ids[0]);
            Assert.AreEqual(PerceiverTokenizer.SepTokenId, ids[^1]);
            Assert.IsLessThanOrEqualTo(Ids.Length + 1, ids.Length);
            longer += ids.Length > Ids.Length ? 1 : 0;
            string varied = utf8.GetString([.. ids[1..^1].Select(id => (byte)(id - 6))]);
            Assert.IsTrue(varied.Where(c => !char.IsAsciiLetter(c)).All(c => Text.Contains(c)), varied);
        }

        Assert.IsGreaterThan(20, longer);
    }

    [TestMethod]
    public void Typing_errors_are_as_frequent_as_the_rate_says()
    {
        string letters = string.Concat(Enumerable.Repeat("abcdefghij ", 300));
        int[] ids = PerceiverTokenizer.Default.EncodeForModel(letters, null, 4000, out _);
        var variation = new TextVariation(None with { TypoProbability = 1, TypoRate = 0.2 }, 4000);
        double changed = Enumerable.Range(0, 100).Average(seed =>
        {
            using var random = new PerceiverRandom(seed);
            int[] varied = variation.Vary(ids, random);
            // Each word by itself, as an error moves what stands behind it.
            string[] words = Encoding.ASCII.GetString([.. varied[1..^1].Select(id => (byte)(id - 6))]).Split(' ');
            return words.Count(w => w != "abcdefghij") / 300.0;
        });
        // A word of ten letters is whole with probability (1 - r)^10, r uniform below 0.2: 1 - mean is 0.585.
        Assert.AreEqual(0.585, changed, 0.08);
    }

    [TestMethod]
    public void Cuts_leave_whole_words_at_one_end_and_the_share_that_is_kept()
    {
        var seen = new HashSet<string>();
        for (int seed = 0; seed < 200; seed++)
            seen.Add(String(Vary(None with { CutProbability = 1, KeptShare = 0.6 }, seed)));
        Assert.IsTrue(seen.All(s => $" {Text} ".Contains($" {s} ", StringComparison.Ordinal) && s.Length < Text.Length));
        Assert.IsTrue(seen.All(s => Encoding.UTF8.GetByteCount(s) >= 0.6 * (Ids.Length - 2)));
        Assert.IsTrue(seen.Any(s => Text.StartsWith(s, StringComparison.Ordinal)));
        Assert.IsTrue(seen.Any(s => Text.EndsWith(s, StringComparison.Ordinal)));
        // A text of one word has no place to cut.
        int[] word = PerceiverTokenizer.Default.EncodeForModel("word", null, 40, out _);
        using var random = new PerceiverRandom(1);
        Assert.AreSame(word, new TextVariation(None with { CutProbability = 1 }, 40).Vary(word, random));
    }

    [TestMethod]
    public void Case_is_lower_or_upper_for_the_whole_text()
    {
        var seen = Enumerable.Range(0, 200).Select(seed => String(Vary(None with { CaseProbability = 1 }, seed))).GroupBy(s => s)
            .ToDictionary(g => g.Key, g => g.Count());
        CollectionAssert.AreEquivalent(
            new[] { "the größe of 12 big houses, and 日本 too!", "THE GRößE OF 12 BIG HOUSES, AND 日本 TOO!" }, seen.Keys);
        Assert.AreEqual(0.25, seen.Values.Min() / 200.0, 0.1);
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_text_and_special_tokens_stay()
    {
        var options = new PerceiverTextAugmentation { TypoProbability = 1, TypoRate = 1 };
        CollectionAssert.AreEqual(Vary(options, 3), Vary(options, 3));
        int[] special = [4, 3, 3, 5], empty = [4, 5];
        using var random = new PerceiverRandom(1);
        var variation = new TextVariation(options with { CutProbability = 1, CaseProbability = 1 }, 40);
        CollectionAssert.AreEqual(special, variation.Vary(special, random));
        CollectionAssert.AreEqual(empty, variation.Vary(empty, random));
    }

    private static int[] Vary(PerceiverTextAugmentation options, int seed, int maxLength = 100)
    {
        using var random = new PerceiverRandom(seed);
        return new TextVariation(options, maxLength).Vary(Ids, random);
    }

    private static string String(int[] ids) => Encoding.UTF8.GetString([.. ids[1..^1].Select(id => (byte)(id - 6))]);
}
