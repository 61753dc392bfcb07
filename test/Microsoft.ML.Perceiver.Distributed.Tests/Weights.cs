using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Distributed;

/// <summary>Compares the weights that processes wrote.</summary>
internal static class Weights
{
    /// <summary>The largest difference, as a share of 1 + the largest weight.</summary>
    internal static double Difference(string first, string second)
    {
        using var one = SafeTensorsFile.Open(first);
        using var other = SafeTensorsFile.Open(second);
        double difference = 0, largest = 0;
        foreach (string name in one.Tensors.Select(t => t.Name))
        {
            using var scope = NewDisposeScope();
            var (a, b) = (one.Get(name), other.Get(name));
            double apart = (a - b).abs().max().item<float>();
            Assert.IsFalse(double.IsNaN(apart), name);
            difference = Math.Max(difference, apart);
            largest = Math.Max(largest, a.abs().max().item<float>());
        }

        Assert.IsGreaterThan(0.1, largest);
        return difference / (1 + largest);
    }

    /// <summary>Asserts that files have the same bytes.</summary>
    internal static void AssertSame(string first, string second) =>
        Assert.IsTrue(File.ReadAllBytes(first).AsSpan().SequenceEqual(File.ReadAllBytes(second)), $"{first} and {second} differ.");
}
