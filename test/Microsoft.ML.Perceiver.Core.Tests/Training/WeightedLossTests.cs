using Microsoft.ML.Perceiver.Tests.Heads;
using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Tests.Training;

/// <summary>The loss of a batch is the mean of its parts' losses by their weights, which several ranks depend on.</summary>
[TestClass]
public sealed class WeightedLossTests
{
    private static readonly PerceiverConfig Config = TinyModels.Config with { AttentionDropout = 0 };

    [TestMethod]
    public void Of_masked_bytes()
    {
        using var model = new PerceiverForMaskedLM(Config, seed: 5);
        var texts = PerceiverTextRows.FromTokens(Texts());
        var masking = new PerceiverMaskedLanguageOptions { Dynamic = false };
        AssertSum(new PerceiverMaskedLanguageObjective(model, texts, texts, new PerceiverTrainingOptions(), masking));
    }

    [TestMethod]
    public void Of_classes_with_weights()
    {
        using var model = new PerceiverForSequenceClassification(Config, seed: 5);
        PerceiverTextExample[] rows = [.. Texts().Select((text, i) => new PerceiverTextExample(text, [i % 3 == 0 ? 1 : 0]))];
        var options = new PerceiverTrainingOptions { ClassWeights = [1, 4], LabelSmoothing = 0.1 };
        var objective = new PerceiverTextClassificationObjective(model, PerceiverProblemType.SingleLabel, [.. rows], [], options);
        AssertSum(objective);
        using var random = new PerceiverRandom(1);
        // Rows 0 and 3 are of the second class.
        Assert.AreEqual(10, objective.WeightedLoss([0, 1, 2, 3], random).Weight);
    }

    [TestMethod]
    public void Of_words_of_which_some_do_not_count()
    {
        using var model = new PerceiverForTokenClassification(Config, seed: 5);
        PerceiverTokenExample[] rows = [.. Texts().Select(Words)];
        var objective = new PerceiverTokenClassificationObjective(model, [.. rows], [], new PerceiverTrainingOptions());
        AssertSum(objective);
        using var random = new PerceiverRandom(1);
        Assert.AreEqual(
            rows[..4].Sum(r => r.Labels.Count(label => label >= 0)), objective.WeightedLoss([0, 1, 2, 3], random).Weight);
    }

    [TestMethod]
    public void Of_numbers()
    {
        using var model = new PerceiverForSequenceClassification(Config.WithLabels(["a"]), seed: 5);
        PerceiverTextExample[] rows = [.. Texts().Select((text, i) => new PerceiverTextExample(text, [i]))];
        AssertSum(new PerceiverTextClassificationObjective(
            model, PerceiverProblemType.Regression, [.. rows], [], new PerceiverTrainingOptions()));
    }

    [TestMethod]
    public void Of_pixels_whose_motion_is_known()
    {
        using var model = TinyFlow.Model();
        var rows = Enumerable.Range(0, 3).Select(i =>
        {
            var generated = PerceiverFlowRows.Generated(TinyFlow.Generator(), 3).Read(i);
            var flow = new PerceiverFlowField(TinyFlow.Height, TinyFlow.Width);
            // The more rows, the fewer pixels are known.
            for (int y = 0; y < TinyFlow.Height; y++)
            {
                for (int x = 0; x < TinyFlow.Width; x++)
                    flow[y, x] = y < 8 * i ? (float.NaN, float.NaN) : generated.Flow[y, x];
            }

            return new PerceiverFlowExample(generated.First, generated.Second, flow);
        }).ToArray();
        AssertSum(new PerceiverOpticalFlowObjective(model, PerceiverFlowRows.FromList(rows), PerceiverFlowRows.FromList([])), rows: 3);
    }

    private static void AssertSum(IPerceiverObjective objective, int rows = 7)
    {
        objective.Model.train();
        using var random = new PerceiverRandom(1);
        int[] all = [.. Enumerable.Range(0, rows)];
        var (whole, weight) = objective.WeightedLoss(all, random);
        double sum = 0, weights = 0;
        foreach (int[] part in (int[][])[[.. all.Where(row => row % 2 == 0)], [.. all.Where(row => row % 2 == 1)]])
        {
            var (loss, own) = objective.WeightedLoss(part, random);
            sum += loss.item<float>() * own;
            weights += own;
        }

        Assert.AreEqual(weight, weights, 1e-9);
        Assert.AreEqual(whole.item<float>(), sum / weights, 1e-5 * (1 + Math.Abs(whole.item<float>())));
        Assert.AreEqual(whole.item<float>(), objective.Loss(all, random).item<float>());
    }

    private static int[][] Texts()
    {
        var random = new Random(7);
        int[] Draw(int length) => [.. Enumerable.Range(0, length).Select(_ => random.Next('a', 'f') + 6)];
        return [.. Enumerable.Range(0, 7).Select(i => (int[])[4, .. Draw(3 + 4 * i), 5])];
    }

    // Words of three bytes, of which every third does not count.
    private static PerceiverTokenExample Words(int[] text)
    {
        int count = (text.Length - 2) / 3;
        int[] owners = [.. text.Select((_, i) => i == 0 || (i - 1) / 3 >= count ? -1 : (i - 1) / 3)];
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % 3 == 2 ? -100 : text[1 + i * 3] % 2)];
        return new PerceiverTokenExample(text, owners, labels);
    }
}
