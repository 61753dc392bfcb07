using System.Text;
using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Inference;

[TestClass]
public sealed class FillMaskSearchTests
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    [TestMethod]
    public void The_state_machine_accepts_what_the_runtime_accepts()
    {
        var random = new Random(5);
        for (int trial = 0; trial < 200_000; trial++)
        {
            byte[] bytes = new byte[random.Next(1, 5)];
            // Leading bytes and their borders come up often enough.
            for (int i = 0; i < bytes.Length; i++)
                bytes[i] = (byte)(random.Next(3) == 0 ? random.Next(256) : i == 0 ? random.Next(0xC0, 256) : random.Next(0x7E, 0xC2));
            int state = Utf8State.Start;
            foreach (byte b in bytes)
            {
                state = Utf8State.Next(state, b);
                if (state == Utf8State.Invalid)
                    break;
            }

            Assert.AreEqual(IsValid(bytes), state == Utf8State.Start, Convert.ToHexString(bytes));
        }
    }

    [TestMethod]
    public void The_best_fillings_are_those_of_an_exhaustive_search()
    {
        var random = new Random(2);
        for (int trial = 0; trial < 5; trial++)
        {
            float[][] scores = Enumerable.Range(0, 2).Select(_ => Scores(random)).ToArray();
            var all = from a in Enumerable.Range(0, 256)
                      from b in Enumerable.Range(0, 256)
                      let bytes = new[] { (byte)a, (byte)b }
                      where IsValid(bytes)
                      orderby scores[0][a] + (double)scores[1][b] descending
                      select (Hex: Convert.ToHexString(bytes), Score: scores[0][a] + (double)scores[1][b]);
            var expected = all.Take(20).ToArray();
            var actual = FillMaskSearch.Best([4, 5], scores, 20);
            CollectionAssert.AreEqual(
                expected.Select(e => e.Hex).ToArray(), actual.Select(f => Convert.ToHexString([.. f.Bytes])).ToArray());
            foreach (var (filling, found) in expected.Zip(actual))
                Assert.AreEqual(filling.Score, found.LogProbability, 1e-5, filling.Hex);
        }
    }

    [TestMethod]
    public void Masks_apart_are_characters_apart()
    {
        // The model would like the two bytes of a letter, but another letter stands between the masks.
        float[][] scores = [Peak(0xC3), Peak(0xA9)];
        Assert.IsTrue(FillMaskSearch.Best([4, 6], scores, 3).All(f => f.Bytes.All(b => b < 0x80)));
        CollectionAssert.AreEqual("é"u8.ToArray(), FillMaskSearch.Best([4, 5], scores, 1)[0].Bytes.ToArray());
    }

    [TestMethod]
    [DataRow(PerceiverFillMaskDecoding.OneShot)]
    [DataRow(PerceiverFillMaskDecoding.LeftToRight)]
    public void Every_filling_of_a_model_is_valid_text_and_ranked(PerceiverFillMaskDecoding decoding)
    {
        // Weights this wild make every byte likely somewhere, also those of long characters.
        using var model = new PerceiverForMaskedLM(TinyModels.Config with { InitializerRange = 1 }, seed: 11);
        var filler = new PerceiverMaskFiller(model);
        int[] a = [4, 70, 3, 3, 3, 80, 3, 5], b = [4, 3, 5];
        var results = filler.Fill([a, b], 6, decoding, beamWidth: 6);
        foreach (var (ids, fillings) in new[] { (a, results[0]), (b, results[1]) })
        {
            Assert.HasCount(6, fillings);
            CollectionAssert.AreEqual(fillings.OrderByDescending(f => f.LogProbability).ToArray(), fillings.ToArray());
            foreach (var filling in fillings)
            {
                byte[] text = PerceiverMaskFiller.Apply(ids, filling)[1..^1].Select(id => (byte)(id - 6)).ToArray();
                Assert.IsTrue(IsValid(text), Convert.ToHexString(text));
            }
        }
    }

    [TestMethod]
    public void One_mask_is_filled_with_the_probabilities_of_the_whole_forward()
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForMaskedLM(TinyModels.Config with { InitializerRange = 0.3 }, seed: 11);
        int[] ids = [4, 70, 71, 3, 80, 5];
        var best = new PerceiverMaskFiller(model).Fill([ids], 3)[0];
        using var inference = no_grad();
        var expected = model.forward(tensor(ids.Select(i => (long)i).ToArray(), 1, 6)).Logits[0, 3].log_softmax(0);
        foreach (var filling in best)
            Assert.AreEqual(expected[filling.Bytes[0] + 6].item<float>(), filling.LogProbability, 1e-4f);
        Assert.AreEqual(expected.narrow(0, 6, 128).max().item<float>(), best[0].LogProbability, 1e-4f);
    }

    [TestMethod]
    public void Left_to_right_multiplies_conditional_probabilities()
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForMaskedLM(TinyModels.Config with { InitializerRange = 0.3 }, seed: 11);
        var filler = new PerceiverMaskFiller(model);
        var best = filler.Fill([[4, 3, 80, 3, 5]], 1, PerceiverFillMaskDecoding.LeftToRight)[0][0];
        double Probability(int[] ids, int position, byte value)
        {
            using var inference = no_grad();
            return model.forward(tensor(ids.Select(i => (long)i).ToArray(), 1, ids.Length)).Logits[0, position]
                .log_softmax(0)[value + 6]
                .item<float>();
        }

        double expected = Probability([4, 3, 80, 3, 5], 1, best.Bytes[0]) + Probability([4, best.Bytes[0] + 6, 80, 3, 5], 3, best.Bytes[1]);
        Assert.AreEqual(expected, best.LogProbability, 1e-4);
    }

    [TestMethod]
    public void A_batch_gives_what_single_texts_give()
    {
        using var model = new PerceiverForMaskedLM(TinyModels.Config with { InitializerRange = 0.3 }, seed: 11);
        var filler = new PerceiverMaskFiller(model);
        int[][] texts = [[4, 3, 80, 3, 5], [4, 90, 91, 92, 3, 93, 94, 5], [4, 3, 5]];
        var together = filler.Fill(texts, 4);
        for (int i = 0; i < texts.Length; i++)
        {
            var alone = filler.Fill([texts[i]], 4)[0];
            CollectionAssert.AreEqual(
                alone.Select(f => Convert.ToHexString([.. f.Bytes])).ToArray(),
                together[i].Select(f => Convert.ToHexString([.. f.Bytes])).ToArray());
        }
    }

    [TestMethod]
    public void Bad_arguments_are_refused()
    {
        using var model = new PerceiverForMaskedLM(TinyModels.Config);
        var filler = new PerceiverMaskFiller(model);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => filler.Fill([[4, 3, 5], [4, 70, 5]])).Message, "Text 1");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => filler.Fill([[4, 3, 5]], 0));
        Assert.ThrowsExactly<ArgumentException>(() => PerceiverMaskFiller.Apply([4, 3, 3, 5], new PerceiverMaskFilling([65], 0)));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsExactly<OperationCanceledException>(() => filler.Fill([[4, 3, 5]], cancellation: cancelled.Token));
    }

    private static bool IsValid(byte[] bytes)
    {
        try
        {
            Strict.GetCharCount(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static float[] Scores(Random random) => Enumerable.Range(0, 256).Select(_ => (float)(-6 * random.NextDouble())).ToArray();

    private static float[] Peak(byte at) => Enumerable.Range(0, 256).Select(b => b == at ? -0.1f : -9f - b / 1000f).ToArray();
}
