using OnnxSample;

namespace Microsoft.ML.Perceiver.Playground.Tests;

/// <summary>samples/Onnx with a few inputs of each head.</summary>
[TestClass]
public sealed class OnnxSampleTests
{
    private const int Rows = 3;
    private string _folder = "";

    [TestInitialize]
    public void Start()
    {
        TorchRuntime.EnsureLoaded();
        _folder = Directory.CreateTempSubdirectory("perceiver-onnx-").FullName;
    }

    [TestCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow("fillmask")]
    [DataRow("sentence")]
    [DataRow("text")]
    [DataRow("image")]
    [DataRow("flow")]
    [DataRow("multimodal")]
    public void Each_head_has_its_figures(string name)
    {
        using var head = HeadOf(name);
        var comparison = Comparison.Of(head, _folder, rounds: 1);
        Assert.IsInRange(0, 1e-3, comparison.MaxDifference);
        Assert.IsGreaterThanOrEqualTo(0.9, comparison.Agreement);
        Assert.IsLessThan(0.7 * comparison.Float32Bytes, comparison.Int8Bytes);
        string[] figures = ["onnx_max_diff", "onnx_over_ours_time", "int8_agreement", "int8_over_float32_time"];
        CollectionAssert.AreEqual(figures.Select(f => $"{name}_{f}").ToArray(), comparison.Figures.Select(f => f.Name).ToArray());
        Assert.IsTrue(comparison.Figures.All(f => double.IsFinite(f.Value)));
    }

    [TestMethod]
    public void The_stage_of_MLNet_gives_the_scores_of_this_library()
    {
        using var head = ImageHead.Create(Rows);
        string file = Path.Combine(_folder, "image.onnx");
        PerceiverOnnx.Export(head.Model, file, head.Options);
        int side = head.Model.Config.ImageSize;
        var pixels = head.Rows.Select(row => row["image"].data<byte>().ToArray());
        float[][] scores = MlNetPipeline.Run(file, new PerceiverImageSize(side, side), pixels);
        Assert.HasCount(head.Rows.Count, scores);
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var gradients = TorchSharp.torch.no_grad();
        foreach (var (row, actual) in head.Rows.Zip(scores))
        {
            float[] expected = head.Ours(row)["logits"].data<float>().ToArray();
            for (int i = 0; i < expected.Length; i++)
                Assert.AreEqual(expected[i], actual[i], 1e-4f);
        }
    }

    private static Head HeadOf(string name) => name switch
    {
        "fillmask" => TextHeads.FillMask(Rows),
        "sentence" => SentenceHead.Create(Rows),
        "text" => TextHeads.Messages(Rows),
        "image" => ImageHead.Create(Rows),
        "flow" => FlowHead.Create(Rows),
        _ => VideoHead.Create(Rows),
    };
}
