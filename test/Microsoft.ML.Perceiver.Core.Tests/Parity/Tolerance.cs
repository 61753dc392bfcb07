using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Parity;

/// <summary>
/// The project's tolerance: max |difference| at most 2e-5 (1 + max |expected|), or ten times what rounding alone gave the reference. In a reduced
/// precision (<see cref="ParityDevice"/>) it is 5e-2 (1 + max |expected|): bfloat16 has 8 binary digits, and a few layers lose some.
/// </summary>
internal static class Tolerance
{
    private const double Full = 2e-5, Reduced = 5e-2;

    /// <summary>The largest difference so far, as a share of 1 + max |expected|, and what it was of.</summary>
    internal static (double Share, string What) Largest { get; private set; } = (0, "nothing");

    internal static void AssertClose(Tensor expected, Tensor actual, double rounding, string what)
    {
        using var scope = NewDisposeScope();
        CollectionAssert.AreEqual(expected.shape, actual.shape, $"{what}: shape [{string.Join(", ", actual.shape)}]");
        if (expected.NumberOfElements == 0)
            return;
        var e = expected.to(ScalarType.Float64);
        double difference = (e - actual.detach().to(ScalarType.Float64, CPU)).abs().max().item<double>();
        double scale = 1 + e.abs().max().item<double>();
        double bound = ParityDevice.IsReduced ? Reduced * scale : Math.Max(Full * scale, 10 * rounding);
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
