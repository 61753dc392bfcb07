using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Modules;

/// <summary>A single head's products in other orders: the same numbers.</summary>
[TestClass]
public sealed class SingleHeadAttentionTests
{
    private static readonly PerceiverConfig Config = new() { NumLatents = 8, LatentChannels = 24, ModelChannels = 20 };

    [TestMethod]
    [DataRow(8, 200, 24, 20, null, null, nameof(SingleHeadOrder.Inputs), DisplayName = "many inputs")]
    [DataRow(1, 200, 24, 24, null, null, nameof(SingleHeadOrder.Inputs), DisplayName = "one query")]
    [DataRow(8, 200, 24, 20, 12, 40, nameof(SingleHeadOrder.Inputs), DisplayName = "many inputs, widths of its own")]
    [DataRow(300, 8, 20, 24, null, null, nameof(SingleHeadOrder.Queries), DisplayName = "many queries")]
    [DataRow(300, 8, 20, 24, 32, 36, nameof(SingleHeadOrder.Queries), DisplayName = "many queries, widths of its own")]
    public void All_orders_give_the_same(
        int queries, int inputs, int queryChannels, int inputChannels, int? keys, int? values, string expected)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var shape = AttentionShape.Cross(Config, 1, queryChannels, inputChannels, keys, values);
        Assert.AreEqual(expected, SingleHeadAttention.Choose(shape, queries, inputs).ToString());
        foreach (bool residual in new[] { false, true })
        {
            var attention = new PerceiverAttention(shape, 0, residual);
            Randomize(attention);
            attention.eval();
            // One query for all rows of the batch, as latents are, and one each, as pixels are.
            foreach (int batch in new[] { 1, 3 })
            {
                var asked = TinyModels.Normal(1, batch, inputs, inputChannels);
                var asking = TinyModels.Normal(2, batch, queries, queryChannels);
                Tensor?[] biases = [null, Mask(batch, 1, inputs), Mask(batch, queries, inputs)];
                foreach (var bias in biases)
                {
                    // Whoever wants the probabilities gets the order of the reference.
                    var (reference, _) = attention.forward(asking, asked, bias, null, wantProbabilities: true);
                    var (actual, _) = attention.forward(asking, asked, bias, null, wantProbabilities: false);
                    TinyModels.AssertSame(reference, actual);
                }

                if (batch > 1 && !residual)
                {
                    var shared = asking.narrow(0, 0, 1);
                    TinyModels.AssertSame(
                        attention.forward(shared, asked, null, null, true).Output,
                        attention.forward(shared, asked, null, null, false).Output);
                }
            }
        }
    }

    [TestMethod]
    public void Several_heads_and_self_attention_stay_as_they_are()
    {
        Assert.AreEqual(SingleHeadOrder.Maps, SingleHeadAttention.Choose(AttentionShape.Cross(Config, 4, 24, 20, null, null), 8, 10_000));
        Assert.AreEqual(SingleHeadOrder.Maps, SingleHeadAttention.Choose(AttentionShape.Self(1, 24, null, null), 10_000, 10_000));
    }

    [TestMethod]
    public void Gradients_are_those_of_the_reference_s_order()
    {
        using var scope = NewDisposeScope();
        var attention = new PerceiverAttention(AttentionShape.Cross(Config, 1, 24, 20, null, null), 0, queryResidual: true);
        Randomize(attention);
        var (output, _) = attention.forward(
            TinyModels.Normal(2, 1, 8, 24), TinyModels.Normal(1, 1, 200, 20), null, null, wantProbabilities: false);
        output.sum().backward();
        Assert.IsTrue(attention.named_parameters().All(p => p.parameter.grad is not null));
    }

    [TestMethod]
    public void Queries_in_parts_give_the_same()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        // More scores than one part takes: 3 x 2 x 700 x 5000 x 4 bytes.
        var (query, key, value) = (
            TinyModels.Normal(1, 3, 2, 700, 4), TinyModels.Normal(2, 3, 2, 5000, 4), TinyModels.Normal(3, 3, 2, 5000, 6));
        Assert.IsGreaterThan(AttentionKernel.ScoreBytes, 3L * 2 * 700 * 5000 * 4);
        // A mask of single probabilities is what the fused kernels cannot do.
        foreach (var headMask in new[] { ones(3, 1, 1, 5000), TinyModels.Normal(4, 3, 1, 700, 5000) })
        {
            var whole = AttentionKernel.Attend(query, key, value, Mask(3, 700, 5000), headMask, 0, wantProbabilities: true).Context;
            var parts = AttentionKernel.Attend(query, key, value, Mask(3, 700, 5000), headMask, 0, wantProbabilities: false).Context;
            TinyModels.AssertSame(whole, parts);
        }
    }

    private static Tensor Mask(long batch, long queries, long inputs) =>
        (arange(batch * queries * inputs).view(batch, 1, queries, inputs) % 5 == 0).to(ScalarType.Float32) * -1e4f;

    private static void Randomize(nn.Module module)
    {
        PerceiverModuleParameters.Initialize(module, seed: 3, standardDeviation: 0.3);
        using var gradients = no_grad();
        foreach (var (name, parameter) in module.named_parameters().Where(p => p.name.EndsWith("bias", StringComparison.Ordinal)))
            parameter.copy_(TinyModels.Normal(name.Length, parameter.shape));
    }
}
