using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Parity;

/// <summary>
/// The project's tolerance: max |difference| at most 2e-5 (1 + max |expected|), or ten times what rounding alone gave the reference. In a
/// reduced precision (<see cref="ParityDevice"/>) it is 5e-2 (1 + max |expected|): bfloat16 has 8 binary digits, and a few layers lose
/// some. Gradients of a model with Fourier positions (<see cref="FourierCases"/>) may differ by <see cref="FourierGradient"/> in place of
/// 2e-5.
/// </summary>
internal static class Tolerance
{
    /// <summary>The share of 1 + max |expected| that float32 results may differ by.</summary>
    internal const double Full = 2e-5;

    /// <summary>
    /// The share for gradients behind Fourier positions. Their frequencies come from linspace, which differs by one unit in the last place
    /// in some of them between builds of torch. Of the largest frequency of 224 pixels, 112, that is 7.6e-6, and pi times as much of the
    /// angle at the image's edge.
    /// </summary>
    internal const double FourierGradient = 1e-4;

    private const double Reduced = 5e-2;

    /// <summary>The largest difference so far, as a share of 1 + max |expected|, and what it was of.</summary>
    internal static (double Share, string What) Largest { get; private set; } = (0, "nothing");

    internal static void AssertClose(Tensor expected, Tensor actual, double rounding, string what, double full = Full)
    {
        using var scope = NewDisposeScope();
        CollectionAssert.AreEqual(expected.shape, actual.shape, $"{what}: shape [{string.Join(", ", actual.shape)}]");
        if (expected.NumberOfElements == 0)
            return;
        var e = expected.to(ScalarType.Float64);
        double difference = (e - actual.detach().to(ScalarType.Float64, CPU)).abs().max().item<double>();
        double scale = 1 + e.abs().max().item<double>();
        double bound = ParityDevice.IsReduced ? Reduced * scale : Math.Max(full * scale, 10 * rounding);
        if (difference / scale > Largest.Share)
            Largest = (difference / scale, what);
        // What is no number is below every bound in .NET's order of numbers.
        Assert.IsFalse(double.IsNaN(difference), $"{what}: a result is no number");
        Assert.IsLessThanOrEqualTo(bound, difference, $"{what}: difference {difference:g4}, bound {bound:g4}");
    }

    /// <summary>The case's own note of what rounding gives.</summary>
    internal static double RoundingOf(JsonElement run, string output)
    {
        if (!run.TryGetProperty("float64_max_abs_diff", out var hint))
            return 0;
        return hint.GetProperty(output.StartsWith("logits", StringComparison.Ordinal) ? "logits" : "all").GetDouble();
    }
}
