using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Modules;

/// <summary>What reduced precision computes where the processor has no instructions for it: float32's products, rounded once.</summary>
[TestClass]
public sealed class WideProductsTests
{
    // float32 rounds by at most 2^-24 of a number, and two sums of the same products, in two orders, each do.
    private const double Float32Step = 1 / 8388608.0;

    [TestMethod]
    [DataRow(ScalarType.BFloat16, 1)]
    [DataRow(ScalarType.BFloat16, 40000)]
    [DataRow(ScalarType.Float16, 40000)]
    public void An_affine_map_is_float32s_rounded(ScalarType type, int rows)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var (x, weight, bias) = (
            TinyModels.Normal(1, 2, rows, 24).to(type), TinyModels.Normal(2, 70, 24).to(type), TinyModels.Normal(3, 70).to(type));
        // Several pieces, the last one not whole.
        Assert.AreEqual(rows > 1, 2 * rows > WideProducts.RowsOf(70));
        var expected = nn.functional.linear(Wide(x), Wide(weight), Wide(bias)).to(type);
        var actual = WideProducts.Linear(x, weight, bias);
        Assert.AreEqual(type, actual.dtype);
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        // A sum of n products errs by at most n steps of the sum of their magnitudes.
        var rounding = 25 * Float32Step * nn.functional.linear(Wide(x).abs(), Wide(weight).abs(), Wide(bias).abs());
        AssertNear(expected, actual, type, rounding);
        AssertNear(nn.functional.linear(Wide(x), Wide(weight)).to(type), WideProducts.Linear(x, weight, null), type, rounding);
    }

    [TestMethod]
    [DataRow(false, false)]
    [DataRow(true, false)]
    [DataRow(true, true)]
    public void Attention_is_float32s_rounded(bool perQuery, bool wantProbabilities)
    {
        const ScalarType type = ScalarType.BFloat16;
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        int queries = wantProbabilities ? 50 : 40000;
        var (query, key) = (TinyModels.Normal(1, 2, 2, queries, 16).to(type), TinyModels.Normal(2, 2, 2, 9, 16).to(type));
        var value = perQuery ? TinyModels.Normal(3, 2, 2, 9, 24).to(type) : key;
        var bias = TinyModels.Normal(4, 2, 1, perQuery ? queries : 1, 9).to(type);
        var mask = TinyModels.Normal(5, 1, 2, 1, perQuery ? 9 : 1).to(type);
        var expected = AttentionKernel.Attend(Wide(query), Wide(key), Wide(value), Wide(bias), Wide(mask), dropout: 0, wantProbabilities);
        var actual = WideProducts.Attend(query, key, value, bias, mask, dropout: 0, wantProbabilities);
        // A score is a sum of 16 products, scaled, and the bias; what it errs by, a probability's numerator and denominator have as a share
        // of themselves; the probabilities' sum and the context's have 9 terms each.
        float largest = (matmul(Wide(query).abs(), Wide(key).abs().transpose(-2, -1)) / 4 + Wide(bias).abs()).max().item<float>();
        double share = (2 * 18 * largest + 2 * 9) * Float32Step;
        var summed = AttentionKernel.Attend(
            Wide(query), Wide(key), Wide(value).abs(), Wide(bias), Wide(mask).abs(), dropout: 0, wantProbabilities);
        AssertNear(expected.Context.to(type), actual.Context, type, share * summed.Context);
        Assert.AreEqual(wantProbabilities, actual.Probabilities is not null);
        if (wantProbabilities)
            AssertNear(expected.Probabilities!.to(type), actual.Probabilities!, type, share * summed.Probabilities!);
    }

    [TestMethod]
    public void A_convolution_is_float32s_rounded()
    {
        const ScalarType type = ScalarType.BFloat16;
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var (x, weight) = (TinyModels.Normal(1, 2, 3, 20, 22).to(type), TinyModels.Normal(2, 8, 3, 7, 7).to(type));
        var expected = nn.functional.conv2d(Wide(x), Wide(weight), null, [2, 2], [3, 3]).to(type);
        var rounding = 3 * 7 * 7 * Float32Step * nn.functional.conv2d(Wide(x).abs(), Wide(weight).abs(), null, [2, 2], [3, 3]);
        AssertNear(expected, WideProducts.Convolution(x, weight, null, [2, 2], [3, 3]), type, rounding);
    }

    [TestMethod]
    public void They_are_for_predictions_in_reduced_precision()
    {
        using var reduced = zeros(1, ScalarType.Float16);
        using var full = zeros(1);
        Assert.IsFalse(WideProducts.AppliesTo(reduced), "A backward pass would keep the widened numbers.");
        using var inference = inference_mode();
        Assert.IsTrue(WideProducts.AppliesTo(reduced));
        Assert.IsFalse(WideProducts.AppliesTo(full));
        using var brain = reduced.to(ScalarType.BFloat16);
        Assert.AreNotEqual(PerceiverPrecisions.IsBFloat16FastOnCpu, WideProducts.AppliesTo(brain));
    }

    private static Tensor Wide(Tensor x) => x.to(ScalarType.Float32);

    // None is further away than what float32 rounded and one step of the type, half of one for each of the two. Nearly all numbers are the
    // same: a difference in float32's last digits moves the type's rounding once in thousands.
    private static void AssertNear(Tensor expected, Tensor actual, ScalarType type, Tensor rounding)
    {
        Assert.AreEqual(type, actual.dtype);
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        var (a, b) = (Wide(expected), Wide(actual));
        double step = type == ScalarType.BFloat16 ? 1 / 128.0 : 1 / 1024.0;
        Assert.IsFalse(b.isnan().any().item<bool>());
        Assert.IsLessThanOrEqualTo(0f, ((a - b).abs() - step * maximum(a.abs(), b.abs()) - rounding).max().item<float>());
        Assert.IsLessThan(0.01f, (a != b).to(ScalarType.Float32).mean().item<float>());
    }
}
