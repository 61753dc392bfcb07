using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Modules;

/// <summary>The shapes of masks that the reference broadcasts.</summary>
[TestClass]
public sealed class AttentionMaskTests
{
    private const int Batch = 3, Inputs = 9, Latents = 6, Heads = 2, Layers = 2;

    [TestMethod]
    [DataRow(1, Inputs)]
    [DataRow(Batch, 1)]
    [DataRow(1, 1)]
    [DataRow(1, Latents, Inputs)]
    [DataRow(Batch, 1, Inputs)]
    [DataRow(1, 1, Inputs)]
    [DataRow(Batch, Latents, 1)]
    public void An_attention_mask_is_broadcast(params int[] shape)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var model = new PerceiverModel(TinyModels.Config with { InitializerRange = 0.3 }, seed: 3);
        var inputs = Floats(Batch, Inputs, 24);
        var mask = Floats(shape.Select(s => (long)s).ToArray()).gt(0).to(ScalarType.Int64);
        var whole = mask.expand(shape.Length == 2 ? [Batch, Inputs] : [Batch, Latents, Inputs]);
        var expected = model.forward(inputs, whole).LastHiddenState;
        TinyModels.AssertSame(expected, model.forward(inputs, mask).LastHiddenState);
        TinyModels.AssertSame(expected, model.forward(inputs, mask, outputAttentions: true).LastHiddenState);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(Layers, 1)]
    [DataRow(Layers, Batch, Heads, Latents, Latents)]
    [DataRow(Layers, 1, Heads, 1, 1)]
    [DataRow(Layers * 2, Batch, 1, Latents, 1)]
    [DataRow(Layers, 1, 1, 1, Latents)]
    [DataRow(Layers, 1, 1, 1, 1)]
    public void A_head_mask_multiplies_the_probabilities(params int[] shape)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var model = new PerceiverModel(TinyModels.Config with { InitializerRange = 0.3, NumBlocks = 1 }, seed: 3);
        var inputs = Floats(Batch, Inputs, 24);
        var mask = Floats(shape.Select(s => (long)s).ToArray()).abs();
        var aligned = shape.Length switch { 1 => mask.view(1, 1, 1, 1, 1), 2 => mask.view(Layers, 1, 1, 1, 1), _ => mask };
        var whole = aligned[..Layers].expand(Layers, Batch, Heads, Latents, Latents);
        var plain = model.forward(inputs, headMask: mask, outputAttentions: true);
        // The first layer's probabilities do not depend on the mask but by the factor.
        var unmasked = model.forward(inputs, outputAttentions: true).Attentions![0];
        TinyModels.AssertSame(unmasked * whole[0], plain.Attentions![0]);
        // Without attentions asked for, another kernel gives the same.
        TinyModels.AssertSame(plain.LastHiddenState, model.forward(inputs, headMask: mask).LastHiddenState);
        TinyModels.AssertSame(plain.LastHiddenState, model.forward(inputs, headMask: whole).LastHiddenState);
    }

    [TestMethod]
    public void Masks_of_other_shapes_are_refused()
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverModel(TinyModels.Config);
        var inputs = ones(Batch, Inputs, 24);
        foreach (long[] shape in (long[][])[[2, Inputs], [Inputs], [Batch, 2, Inputs], [Batch, 1, 1, Inputs]])
        {
            StringAssert.Contains(
                Assert.ThrowsExactly<ArgumentException>(() => model.forward(inputs, ones(shape))).Message, "attention mask");
        }

        long[][] headMasks =
            [[3], [1, Heads], [Layers, 3], [Layers, Heads, 1], [1, 1, 1, 1, 1], [Layers, 2, 1, 1, 1], [Layers, 1, 1, 1, 2]];
        foreach (long[] shape in headMasks)
        {
            StringAssert.Contains(
                Assert.ThrowsExactly<ArgumentException>(() => model.forward(inputs, headMask: ones(shape))).Message, "head mask");
        }
    }

    private static Tensor Floats(params long[] shape) => randn(shape, generator: new Generator(5));
}
