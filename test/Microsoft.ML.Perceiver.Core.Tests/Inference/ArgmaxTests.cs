namespace Microsoft.ML.Perceiver.Tests.Inference;

[TestClass]
public sealed class ArgmaxTests
{
    [TestMethod]
    public void It_is_the_first_of_the_largest()
    {
        Assert.AreEqual(2, Argmax.Of([0.1f, -3, 5, 5, 1]));
        Assert.AreEqual(0, Argmax.Of([float.NegativeInfinity]));
        CollectionAssert.AreEqual(new[] { 1, 0, 2 }, Argmax.OfRows([1, 2, 0, -1, -2, -3, 4, 5, 6], 3));
        Assert.IsEmpty(Argmax.OfRows([], 3));
    }
}
