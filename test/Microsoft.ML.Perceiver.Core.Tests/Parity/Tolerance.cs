using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Parity;

/// <summary>The project's tolerance: max |difference| at most 2e-5 (1 + max |expected|), or ten times what rounding alone gave the reference.</summary>
internal static class Tolerance
{
    internal static void AssertClose(Tensor expected, Tensor actual, double rounding, string what)
    {
        using var scope = NewDisposeScope();
        CollectionAssert.AreEqual(expected.shape, actual.shape, $"{what}: shape [{string.Join(", ", actual.shape)}]");
        if (expected.NumberOfElements == 0)
            return;
        var e = expected.to(ScalarType.Float64);
        double difference = (e - actual.detach().to(ScalarType.Float64)).abs().max().item<double>();
        double bound = Math.Max(2e-5 * (1 + e.abs().max().item<double>()), 10 * rounding);
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
