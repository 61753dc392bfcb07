using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Modules;

/// <summary>Gradients where a row, or one latent, has all its inputs masked: the reference gives all of them the same weight.</summary>
[TestClass]
public sealed class MaskedRowGradientTests
{
    private const int Batch = 3, Inputs = 7, Latents = 6;

    /// <summary>Which inputs a mask drops.</summary>
    public enum Masked
    {
        /// <summary>A row's padding only.</summary>
        Padding,

        /// <summary>All inputs of one row, [batch, inputs].</summary>
        Row,

        /// <summary>All inputs of one latent of one row, [batch, latents, inputs].</summary>
        Latent,

        /// <summary>All inputs of all rows, [1, 1].</summary>
        Everything,
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Gradients_are_those_of_plain_attention(Masked masked, bool recompute)
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        using var _ = Recomputation.Enable(model, recompute);
        model.train();
        var expected = Gradients(model, Mask(masked), outputAttentions: true);
        var actual = Gradients(model, Mask(masked), outputAttentions: false);
        foreach (var (name, gradient) in expected)
            TinyModels.AssertSame(gradient, actual[name]);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void The_values_gradients_are_those_of_finite_differences(Masked masked, bool recompute)
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        using var _ = Recomputation.Enable(model, recompute);
        // In float64, where a difference of two sums keeps enough digits.
        model.to(ScalarType.Float64);
        model.train();
        var mask = Mask(masked);
        var gradients = Gradients(model, mask, outputAttentions: false);
        var parameters = model.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        // Not queries and keys: the scores of a masked query are lost in rounding, so that its difference is zero.
        string[] names = [.. parameters.Keys.Where(n => n.Contains("cross_attention") && n.Contains(".value."))];
        Assert.HasCount(2, names);
        foreach (string name in names)
            AssertDifferences(parameters[name], gradients[name], () => Loss(model, mask, outputAttentions: false));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Self_attention_and_cross_attention_give_all_inputs_the_same_weight(bool cross)
    {
        using var scope = NewDisposeScope();
        const int heads = 2, channels = 4, keys = 5;
        int queries = cross ? 3 : keys;
        Tensor Drawn(int seed, int rows) => TinyModels.Normal(seed, Batch, heads, rows, channels).requires_grad_();
        var (query, key, value) = (Drawn(1, queries), Drawn(2, keys), Drawn(3, keys));
        var bias = zeros(Batch, 1, queries, keys);
        bias[1, 0, 2].fill_(finfo(ScalarType.Float32).min);
        var (context, _) = AttentionKernel.Attend(query, key, value, bias, null, 0, wantProbabilities: false);
        context[1, .., 2].sum().backward();
        TinyModels.AssertSame(full([heads, keys, channels], 1f / keys), value.grad![1]);
        Assert.AreEqual(0f, value.grad![0].abs().max().item<float>());
    }

    [TestMethod]
    public void Other_masks_keep_the_fused_kernel()
    {
        using var scope = NewDisposeScope();
        Tensor Drawn(int seed) => TinyModels.Normal(seed, 1, 1, 64, 8).requires_grad_();
        var (query, key, value) = (Drawn(1), Drawn(2), Drawn(3));
        var bias = zeros(1, 1, 1, 64);
        bias[0, 0, 0, 5] = finfo(ScalarType.Float32).min;
        bias = bias.expand(1, 1, 64, 64).contiguous();
        var fused = AttentionKernel.Fused(query, key, value, bias);
        var (actual, _) = AttentionKernel.Attend(query, key, value, bias, null, 0, wantProbabilities: false);
        // To the last bit, which the plain form does not give.
        Assert.AreEqual(0f, TinyModels.MaxDifference(fused, actual));
        var (plain, _) = AttentionKernel.Attend(query, key, value, bias, null, 0, wantProbabilities: true);
        Assert.AreNotEqual(0f, TinyModels.MaxDifference(fused, plain));
    }

    public static IEnumerable<object[]> Cases =>
        from masked in Enum.GetValues<Masked>()
        from recompute in new[] { false, true }
        select new object[] { masked, recompute };

    private static PerceiverModel Model() =>
        new(TinyModels.Config with { InitializerRange = 0.3, AttentionDropout = 0, NumLatents = Latents }, seed: 3);

    private static Tensor Mask(Masked masked)
    {
        var mask = ones(masked == Masked.Latent ? [Batch, Latents, Inputs] : [Batch, Inputs]);
        switch (masked)
        {
            case Masked.Padding:
                mask[0, 4..] = 0;
                break;
            case Masked.Row:
                mask[1] = 0;
                break;
            case Masked.Latent:
                mask[1, 2] = 0;
                mask[0, 3, ..4] = 0;
                break;
            default:
                return zeros(1, 1);
        }

        return mask;
    }

    private static Tensor Loss(PerceiverModel model, Tensor mask, bool outputAttentions)
    {
        var type = model.parameters().First().dtype;
        var inputs = TinyModels.Normal(5, Batch, Inputs, model.Config.ModelChannels).to(type);
        var states = model.forward(inputs, mask, outputAttentions: outputAttentions).LastHiddenState;
        return (states * TinyModels.Normal(6, Batch, Latents, model.Config.LatentChannels).to(type)).sum();
    }

    private static Dictionary<string, Tensor> Gradients(PerceiverModel model, Tensor mask, bool outputAttentions)
    {
        model.zero_grad();
        Loss(model, mask, outputAttentions).backward();
        return model.named_parameters().Where(p => p.parameter.grad is not null)
            .ToDictionary(p => p.name, p => p.parameter.grad!.clone());
    }

    private static void AssertDifferences(Tensor parameter, Tensor gradient, Func<Tensor> loss)
    {
        const double step = 1e-5;
        using var gradients = no_grad();
        var flat = parameter.view(-1);
        var expected = gradient.reshape(-1);
        for (long i = 0; i < flat.shape[0]; i += 7)
        {
            using var scope = NewDisposeScope();
            double kept = flat[i].item<double>();
            flat[i] = kept + step;
            double above = loss().item<double>();
            flat[i] = kept - step;
            double below = loss().item<double>();
            flat[i] = kept;
            double difference = (above - below) / (2 * step);
            Assert.AreEqual(difference, expected[i].item<double>(), 1e-5 * (1 + Math.Abs(difference)), $"number {i}");
        }
    }
}
