using Microsoft.ML.Perceiver.Tests.Heads;
using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Training;

/// <summary>The pinball loss of answers at coordinates.</summary>
[TestClass]
public sealed class QuantileObjectiveTests
{
    private static readonly double[] Quantiles = [0.1, 0.5, 0.8];
    private static readonly float[] Places = [0.5f, 1];

    private static PerceiverArraySettings Settings => TinyArrays.Series with { Output = "coordinates" };

    [TestMethod]
    public void The_loss_weighs_what_is_above_and_below_by_the_quantile()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForArray(TinyArrays.Config(Settings), seed: 1);
        PerceiverArrayExample[] rows = [Row(4, [9, -9]), Row(5, [0.1f, -0.2f])];
        var objective = new PerceiverQuantileObjective(model, Quantiles, Places, [.. rows], [.. rows], new());
        double sum = 0;
        foreach (var row in rows)
        {
            var answers = model.forward(tensor(row.Values, 1, 10, 2), outputCoordinates: tensor(Places, 1, 2, 1)).Logits;
            for (int place = 0; place < 2; place++)
            {
                for (int q = 0; q < 3; q++)
                {
                    double error = row.Target[place] - answers[0, place, q].item<float>();
                    sum += error > 0 ? Quantiles[q] * error : (Quantiles[q] - 1) * error;
                }
            }
        }

        // Twice the mean, so that the median's is the mean absolute error.
        double expected = 2 * sum / (2 * 2 * 3);
        using var random = new PerceiverRandom(1);
        Assert.AreEqual(expected, objective.Loss([0, 1], random).item<float>(), 1e-5);
        Assert.AreEqual(expected, objective.Evaluate(default)["QuantileLoss"], 1e-5);
    }

    [TestMethod]
    public void What_does_not_fit_the_model_is_refused()
    {
        using var model = new PerceiverForArray(TinyArrays.Config(Settings), seed: 1);
        using var pooled = new PerceiverForArray(TinyArrays.Config(TinyArrays.Series), seed: 1);
        AssertSays("array.output is pooled", pooled, Quantiles, Places, new());
        AssertSays("they need 3 numbers between 0 and 1", model, [0.5], Places, new());
        AssertSays("they need 3 numbers between 0 and 1", model, [0, 0.5, 1], Places, new());
        AssertSays("There are 0 coordinates", model, Quantiles, [], new());
        AssertSays("LabelSmoothing is not for forecasts", model, Quantiles, Places, new() { LabelSmoothing = 0.1 });
    }

    private static void AssertSays(
        string said, PerceiverForArray model, double[] quantiles, float[] places, PerceiverTrainingOptions options)
    {
        var error = Assert.ThrowsExactly<ArgumentException>(
            () => new PerceiverQuantileObjective(model, quantiles, places, [Row(4, [1, 2])], [], options));
        Assert.Contains(said, error.Message);
    }

    private static PerceiverArrayExample Row(int seed, float[] target) =>
        new(TinyModels.Normal(seed, 20).data<float>().ToArray(), target);
}
