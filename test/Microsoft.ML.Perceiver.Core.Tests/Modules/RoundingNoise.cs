using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Modules;

/// <summary>
/// How far a model in few digits may be from itself in float32. A bound for single numbers that is carried through norms and softmax by
/// worst cases says nothing, so the model carries it itself: noise as large as the rounding is put on its float32 weights, and what that
/// does to the results is compared with what the precision does. Both are root mean squares over many numbers, as the largest of them is a
/// matter of luck.
/// </summary>
internal static class RoundingNoise
{
    private const int Draws = 8;

    /// <summary>The steps of 8-bit rounding from zero to the largest weight, and those of a row of inputs without VNNI.</summary>
    private const double Int8Steps = 127;

    /// <summary>Root mean square of what the rounding of a precision changes in results; the weights are put back.</summary>
    /// <param name="model">A model in float32.</param>
    /// <param name="precision">Int8, BFloat16 or Float16.</param>
    /// <param name="results">What the model gives as it is.</param>
    internal static double Of(nn.Module model, PerceiverPrecision precision, Func<Tensor> results)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var generator = new Generator(1, CPU);
        // The noise would not reach weights that were prepared for prediction.
        foreach (var layer in model.modules().OfType<PerceiverLayer>())
            layer.UseOwnWeights();
        var weights = Rounded(model, precision);
        var exact = results().detach().clone();
        double squares = 0;
        for (int draw = 0; draw < Draws; draw++)
        {
            foreach (var (weight, kept, deviation) in weights)
                weight.add_(randn(weight.shape, generator: generator) * deviation);
            squares += Math.Pow(RootMeanSquare(exact, results()), 2);
            foreach (var (weight, kept, _) in weights)
                weight.copy_(kept);
        }

        return Math.Sqrt(squares / Draws);
    }

    /// <summary>The root mean square of a difference.</summary>
    internal static double RootMeanSquare(Tensor expected, Tensor actual)
    {
        using var scope = NewDisposeScope();
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        double squares = (expected.detach().to(ScalarType.Float64) - actual.detach().to(ScalarType.Float64)).square().mean().item<double>();
        Assert.IsFalse(double.IsNaN(squares), "a difference is no number");
        return Math.Sqrt(squares);
    }

    private static List<(Tensor Weight, Tensor Kept, Tensor Deviation)> Rounded(nn.Module model, PerceiverPrecision precision)
    {
        var weights = precision == PerceiverPrecision.Int8
            ? model.modules().OfType<PerceiverLayer>().SelectMany(layer => layer.modules()).OfType<PerceiverLinear>()
                .Select(map => map.Weight)
            : model.parameters();
        Tensor Deviation(Tensor w) => precision == PerceiverPrecision.Int8 ? Int8Deviation(w) : FloatDeviation(w, precision);
        return [.. weights.Select(w => (w, w.detach().clone(), Deviation(w)))];
    }

    /// <summary>
    /// A step of size s errs by s/sqrt(12) on average. A weight's step is its output's largest weight / 127. A row's step is its range /
    /// 127, and its range is at most sqrt(2) |x|; it moves the output by that deviation times |w|, which is what noise of sqrt(2/12) |w| /
    /// 127 on the weights does, as noise of deviation d on the weights moves the output by d |x|.
    /// </summary>
    private static Tensor Int8Deviation(Tensor weight)
    {
        var ofWeights = weight.abs().amax([1], keepdim: true).square();
        var ofInputs = weight.square().sum(1, keepdim: true) * 2;
        return ((ofWeights + ofInputs) / 12).sqrt() / Int8Steps;
    }

    /// <summary>
    /// A number of p binary digits errs by at most 2^-p of itself, 2^-p/sqrt(3) on average. Between two affine maps a model rounds the
    /// map's weights, inputs and result, the activation or the scores, probabilities and context, the norm and the sum with the residual:
    /// up to twelve times. sqrt(12/3) = 2 of 2^-p on the weights stand for them.
    /// </summary>
    private static Tensor FloatDeviation(Tensor weight, PerceiverPrecision precision) =>
        weight.abs() * (2 * Math.Pow(2, precision == PerceiverPrecision.BFloat16 ? -8 : -11));
}
