using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Onnx.Tests.Golden;

/// <summary>How far a result of ONNX Runtime may be from the reference's: its products are added up in another order.</summary>
internal static class OnnxTolerance
{
    private const double Share = 1e-4;

    internal static void AssertClose(Tensor expected, Tensor actual, string what)
    {
        using var scope = NewDisposeScope();
        CollectionAssert.AreEqual(expected.shape, actual.shape, $"{what}: shape [{string.Join(", ", actual.shape)}]");
        var (e, a) = (expected.detach().to(ScalarType.Float64), actual.to(ScalarType.Float64));
        double difference = (e - a).abs().max().item<double>(), bound = Share * (1 + e.abs().max().item<double>());
        Assert.IsFalse(double.IsNaN(difference), $"{what}: a result is no number");
        Assert.IsLessThanOrEqualTo(bound, difference, $"{what}: difference {difference:g4}, bound {bound:g4}");
    }
}
