using System.Text;
using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Tests.Training;

[TestClass]
public sealed class ByteMaskingTests
{
    private const string Text = "It isn't far, said the café's owner; 42 steps.";
    private static readonly int[] Ids = [4, .. Encoding.UTF8.GetBytes(Text).Select(b => b + 6), 5];

    [TestMethod]
    public void Bytes_are_masked_at_the_rate_asked_for()
    {
        using var random = new PerceiverRandom(1);
        var masking = new ByteMasking(new() { MaskProbability = 0.3 });
        int masked = 0;
        for (int i = 0; i < 500; i++)
        {
            var text = masking.Mask(Ids, random, training: true);
            masked += text.Positions.Length;
            Assert.AreEqual(4, text.Ids[0]);
            Assert.AreEqual(5, text.Ids[^1]);
            for (int p = 0; p < Ids.Length; p++)
                Assert.AreEqual(text.Positions.Contains(p) ? 3 : Ids[p], text.Ids[p]);
            CollectionAssert.AreEqual(text.Positions.Select(p => Ids[p]).ToArray(), text.Answers);
        }

        Assert.AreEqual(0.3, masked / (500.0 * (Ids.Length - 2)), 0.02);
    }

    [TestMethod]
    public void Whole_words_are_masked_whole()
    {
        using var random = new PerceiverRandom(1);
        var masking = new ByteMasking(new() { MaskProbability = 0.15, WholeWords = true });
        var seen = new HashSet<string>();
        for (int i = 0; i < 300; i++)
        {
            var text = masking.Mask(Ids, random, training: true);
            byte[] bytes = text.Ids[1..^1].Select(id => (byte)(id == 3 ? 0 : id - 6)).ToArray();
            // Every word is there as a whole or masked as a whole.
            string[] words = Encoding.UTF8.GetString(bytes).Split(' ');
            foreach (var (word, original) in words.Zip(Text.Split(' ')))
            {
                string letters = new(original.Where(c => char.IsLetterOrDigit(c) || c == '\'').ToArray());
                string mask = new('\0', Encoding.UTF8.GetByteCount(letters));
                bool isWhole = word.Contains(letters, StringComparison.Ordinal) || word.Contains(mask, StringComparison.Ordinal);
                Assert.IsTrue(isWhole, $"{original} became {word}");
                if (word.Contains(mask, StringComparison.Ordinal))
                    seen.Add(letters);
            }
        }

        CollectionAssert.IsSubsetOf(new[] { "isn't", "café's", "42", "It" }, seen.ToArray());
    }

    [TestMethod]
    public void Mixed_replacements_are_for_training_alone()
    {
        using var random = new PerceiverRandom(1);
        var masking = new ByteMasking(new() { MixedReplacement = true, MaskProbability = 0.5 });
        double masked = 0, kept = 0, all = 0;
        for (int i = 0; i < 400; i++)
        {
            var text = masking.Mask(Ids, random, training: true);
            masked += text.Positions.Count(p => text.Ids[p] == 3);
            kept += text.Positions.Count(p => text.Ids[p] == Ids[p]);
            all += text.Positions.Length;
            var validation = masking.Mask(Ids, random, training: false);
            Assert.IsTrue(validation.Positions.All(p => validation.Ids[p] == 3));
        }

        Assert.AreEqual(0.8, masked / all, 0.02);
        Assert.AreEqual(0.1, kept / all, 0.02);
    }

    [TestMethod]
    public void Static_masks_stay_and_dynamic_ones_change()
    {
        static long[] Losses(bool dynamic)
        {
            using var model = new PerceiverForMaskedLM(TinyModels.Config with { AttentionDropout = 0, MaxPositionEmbeddings = 60 });
            var objective = new PerceiverMaskedLanguageObjective(
                model, PerceiverTextRows.FromTokens([Ids]), PerceiverTextRows.FromTokens([]), new(), new() { Dynamic = dynamic });
            using var random = new PerceiverRandom(1);
            return Enumerable.Range(0, 5).Select(_ => (long)(objective.Loss([0], random).item<float>() * 1e6)).Distinct().ToArray();
        }

        Assert.HasCount(1, Losses(dynamic: false));
        Assert.HasCount(5, Losses(dynamic: true));
    }

    [TestMethod]
    public void Something_is_always_masked_where_something_can_be()
    {
        using var random = new PerceiverRandom(1);
        var rare = new PerceiverMaskedLanguageOptions { MaskProbability = 1e-9 };
        Assert.HasCount(1, new ByteMasking(rare).Mask(Ids, random, true).Positions);
        Assert.HasCount(1, new ByteMasking(rare with { WholeWords = true }).Mask([4, 38, 38, 5], random, true).Positions);
        Assert.ThrowsExactly<ArgumentException>(() => new ByteMasking(rare).Mask([4, 5], random, true));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PerceiverMaskedLanguageOptions { MaskProbability = 0 }.Validate());
    }
}
