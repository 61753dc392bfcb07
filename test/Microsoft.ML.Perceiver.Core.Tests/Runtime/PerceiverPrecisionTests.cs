using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Runtime;

[TestClass]
public class PerceiverPrecisionTests
{
    [TestMethod]
    [DataRow(PerceiverPrecision.Float32, ScalarType.Float32)]
    [DataRow(PerceiverPrecision.BFloat16, ScalarType.BFloat16)]
    [DataRow(PerceiverPrecision.Float16, ScalarType.Float16)]
    [DataRow(PerceiverPrecision.Int8, ScalarType.Float32)]
    public void Each_precision_has_its_element_type(PerceiverPrecision precision, ScalarType type) =>
        Assert.AreEqual(type, precision.ToScalarType());

    [TestMethod]
    public void Another_value_is_refused() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ((PerceiverPrecision)7).ToScalarType());
}
