using System.Globalization;
using Microsoft.ML.Perceiver.Tests.Runtime;

namespace Microsoft.ML.Perceiver.Tests.Training;

[TestClass]
public sealed class RecomputationTests
{
    [TestMethod]
    public void A_deep_model_takes_a_fraction_of_the_memory()
    {
        static long Peak(bool recompute) =>
            long.Parse(
                HostProcess.Run($"recompute {recompute}").Single(l => l.StartsWith("peak ", StringComparison.Ordinal))[5..],
                CultureInfo.InvariantCulture);

        // Each of 24 layers remembers a dozen tensors of 8 x 256 x 128 numbers, 1 MB each; recomputed, only its input.
        long saved = Peak(false) - Peak(true);
        Assert.IsGreaterThan(150L << 20, saved, $"{saved >> 20} MB");
    }
}
