using Microsoft.ML.Perceiver.Onnx.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Onnx.Tests.Forms;

/// <summary>How the weights are stored: what the files take, which operators they have, and how far the numbers go.</summary>
[TestClass]
public sealed class FormTests
{
    [TestMethod]
    public void Halves_take_half_and_are_the_rounded_weights()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForMaskedLM(Exported.Config);
        var (ids, mask) = Exported.Texts(2, 7);
        var results = Exported.Run(model, Of(PerceiverOnnxWeights.Float16), ("input_ids", ids), ("attention_mask", mask));
        long half = LengthOf(model, Of(PerceiverOnnxWeights.Float16)), full = LengthOf(model, Of(PerceiverOnnxWeights.Float32));
        Assert.IsLessThan(0.7, half / (double)full);
        foreach (var parameter in model.parameters().Where(p => p.dim() > 1))
            parameter.copy_(parameter.to(ScalarType.Float16));
        OnnxTolerance.AssertClose(model.forward(ids, mask).Logits, results["logits"], "logits");
    }

    [TestMethod]
    public void A_model_of_halves_is_exported()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForMaskedLM(Exported.Config);
        var (ids, mask) = Exported.Texts(1, 7);
        model.to(ScalarType.Float16);
        var results = Exported.Run(model, null, ("input_ids", ids), ("attention_mask", mask));
        model.to(ScalarType.Float32);
        OnnxTolerance.AssertClose(model.forward(ids, mask).Logits, results["logits"], "logits");
    }

    // A number is rounded by up to half a unit: 1/254 of the largest weight of its output or block, and 1/510 of the range of the inputs.
    [TestMethod]
    [DataRow(PerceiverOnnxWeights.Int8, false, 0.05)]
    [DataRow(PerceiverOnnxWeights.Int8, true, 0.1)]
    [DataRow(PerceiverOnnxWeights.Int8Blocks, false, 0.05)]
    public void Integers_are_near_the_floats(PerceiverOnnxWeights weights, bool sevenBits, double share)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        // Widths that are no whole number of blocks.
        using var model = new PerceiverForMaskedLM(Exported.Config with { NumBlocks = 1, LatentChannels = 40, ModelChannels = 72 });
        var (ids, mask) = Exported.Texts(2, 7);
        var options = Of(weights) with { SevenBitWeights = sevenBits };
        var results = Exported.Run(model, options, ("input_ids", ids), ("attention_mask", mask));
        var expected = model.forward(ids, mask).Logits;
        double difference = (expected - results["logits"]).square().mean().sqrt().item<float>();
        double scale = expected.square().mean().sqrt().item<float>();
        Assert.IsGreaterThan(0, difference, "nothing was rounded");
        Assert.IsLessThan(share, difference / scale);
    }

    [TestMethod]
    [DataRow(PerceiverOnnxWeights.Int8, "MatMulIntegerToFloat")]
    [DataRow(PerceiverOnnxWeights.Int8Blocks, "MatMulNBits")]
    public void The_matrices_of_all_layers_are_rounded(PerceiverOnnxWeights weights, string type)
    {
        using var model = new PerceiverForMaskedLM(Exported.Config with { NumBlocks = 1 });
        using var export = new OnnxExport(Of(weights).ToForm(model));
        model.ToOnnx(export);
        int layers = model.modules().OfType<PerceiverLayer>().Count();
        // Queries, keys and values, the output, and two of the feed-forward layer.
        Assert.AreEqual(6 * layers, export.Graphs[0].Graph.Nodes.Count(n => n.Operator == type));
    }

    [TestMethod]
    public void Blocks_that_share_their_layers_share_the_weights()
    {
        using var once = new PerceiverForMaskedLM(Exported.Config with { NumBlocks = 1 });
        using var thrice = new PerceiverForMaskedLM(Exported.Config with { NumBlocks = 3 });
        foreach (var weights in Enum.GetValues<PerceiverOnnxWeights>())
        {
            using var one = new OnnxExport(Of(weights).ToForm(once));
            using var three = new OnnxExport(Of(weights).ToForm(thrice));
            once.ToOnnx(one);
            thrice.ToOnnx(three);
            Assert.HasCount(one.Graphs[0].Graph.Initializers.Count, three.Graphs[0].Graph.Initializers, $"{weights}");
        }
    }

    [TestMethod]
    public void Fused_attention_is_one_operator_for_each_layer()
    {
        using var model = new PerceiverForMaskedLM(Exported.Config with { NumBlocks = 1 });
        using var export = new OnnxExport(new PerceiverOnnxOptions { FusedAttention = true }.ToForm(model));
        model.ToOnnx(export);
        var nodes = export.Graphs[0].Graph.Nodes;
        Assert.AreEqual(model.modules().OfType<PerceiverLayer>().Count(), nodes.Count(n => n.Operator == "MultiHeadAttention"));
        Assert.DoesNotContain(n => n.Operator == "Softmax", nodes);
    }

    [TestMethod]
    [DataRow(PerceiverOnnxWeights.Float32, null, 0)]
    [DataRow(PerceiverOnnxWeights.Float16, null, 0)]
    [DataRow(PerceiverOnnxWeights.Int8, null, 1)]
    [DataRow(PerceiverOnnxWeights.Int8Blocks, null, 1)]
    [DataRow(PerceiverOnnxWeights.Int8, false, 0)]
    public void Attention_of_integers_is_fused_unless_said_otherwise(PerceiverOnnxWeights weights, bool? fused, int perLayer)
    {
        using var model = new PerceiverForMaskedLM(Exported.Config with { NumBlocks = 1 });
        using var export = new OnnxExport((Of(weights) with { FusedAttention = fused }).ToForm(model));
        model.ToOnnx(export);
        int layers = model.modules().OfType<PerceiverLayer>().Count();
        Assert.AreEqual(perLayer * layers, export.Graphs[0].Graph.Nodes.Count(n => n.Operator == "MultiHeadAttention"));
    }

    [TestMethod]
    public void Inputs_of_several_matrices_are_rounded_once()
    {
        using var model = new PerceiverForMaskedLM(Exported.Config with { NumBlocks = 1 });
        using var export = new OnnxExport(Of(PerceiverOnnxWeights.Int8).ToForm(model));
        model.ToOnnx(export);
        var nodes = export.Graphs[0].Graph.Nodes;
        // Self-attention rounds once for queries, keys and values; cross-attention of the encoder and the decoder once for keys and values.
        int self = model.Config.NumSelfAttendsPerBlock, cross = model.modules().OfType<PerceiverLayer>().Count() - self;
        Assert.AreEqual(4 * self + 5 * cross, nodes.Count(n => n.Operator == "DynamicQuantizeLinear"));
    }

    private static PerceiverOnnxOptions Of(PerceiverOnnxWeights weights) => new() { Weights = weights };

    private static long LengthOf(PerceiverPreTrainedModel model, PerceiverOnnxOptions options)
    {
        using var folder = new TemporaryFolder();
        PerceiverOnnx.Export(model, folder["model.onnx"], options);
        return new FileInfo(folder["model.onnx"]).Length;
    }
}
