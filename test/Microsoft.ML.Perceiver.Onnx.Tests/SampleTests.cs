using OnnxSample;

namespace Microsoft.ML.Perceiver.Onnx.Tests;

/// <summary>The heads of samples/Onnx: the bundled models as files, with real inputs.</summary>
[TestClass]
public sealed class SampleTests
{
    private static IEnumerable<object[]> Heads =>
    [
        [new FillMaskHead()], [new SentenceHead()], [new TextHead()], [new ImageHead()], [new FlowHead()], [new MultimodalHead()],
    ];

    [TestMethod]
    [DynamicData(nameof(Heads))]
    public void A_bundled_model_gives_the_same_as_a_file(object head)
    {
        using var folder = new TemporaryFolder();
        var found = Comparison.Of((ExportedHead)head, folder.Path, rows: 2);
        Assert.IsLessThan(1e-4, found.MaxDifference);
        Assert.IsGreaterThanOrEqualTo(0.75, found.Int8Agreement);
        Assert.IsGreaterThanOrEqualTo(1, found.Answers);
        Assert.IsLessThan(found.Megabytes, found.Int8Megabytes);
        Assert.HasCount(4, found.Figures().Where(figure => figure.Value is >= 0 and < 1e6));
    }
}
