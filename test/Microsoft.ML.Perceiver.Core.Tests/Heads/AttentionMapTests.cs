using Microsoft.ML.Perceiver.Tests.Modules;
using TorchSharp;
using static Microsoft.ML.Perceiver.PerceiverAttentionKind;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Heads;

/// <summary>Attention maps are made of the attentions that models return, and have their peak where a model is made to look.</summary>
[TestClass]
public sealed class AttentionMapTests
{
    // Weights that make attentions differ from input to input.
    private static readonly PerceiverConfig Config = TinyModels.Config with { InitializerRange = 0.3 };

    [TestMethod]
    public void A_rollout_is_the_product_of_all_attentions_with_half_of_each_latent_kept()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForMaskedLM(Config, seed: 3);
        var ids = TinyModels.Ids(2, 9);
        var output = model.forward(ids, outputAttentions: true);
        var rollout = PerceiverAttentionMap.Of(output);
        var crossed = PerceiverAttentionMap.Of(output, CrossAttentions);
        var encoder = PerceiverAttentionMap.Of(output, Encoder);
        Assert.HasCount(4, output.Attentions!);
        for (int row = 0; row < 2; row++)
        {
            double[,] read = Mean(output.CrossAttentions![0], row);
            double[,] decoded = Mean(output.CrossAttentions[1], row);
            double[,] all = decoded;
            foreach (var layer in output.Attentions!.Reverse())
                all = Product(all, HalfKept(Mean(layer, row)));
            AssertSame(Product(all, read), rollout[row]);
            AssertSame(Product(decoded, read), crossed[row]);
            double[,] uniform = new double[1, 6];
            for (int latent = 0; latent < 6; latent++)
                uniform[0, latent] = 1.0 / 6;
            AssertSame(Product(uniform, read), encoder[row]);
        }

        Assert.IsGreaterThan(100 * TinyModels.Rounding, TinyModels.MaxDifference(rollout, crossed));
        Assert.IsGreaterThan(10 * TinyModels.Rounding, (rollout[0, 0] - rollout[0, 30]).abs().max().item<float>());
    }

    [TestMethod]
    [DataRow(Rollout)]
    [DataRow(CrossAttentions)]
    [DataRow(Encoder)]
    public void A_map_is_that_of_the_attentions_which_are_not_held(PerceiverAttentionKind kind)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var ids = TinyModels.Ids(3, 11);
        var mask = ones(3, 11, ScalarType.Int64);
        mask[1, TensorIndex.Slice(4)] = 0;
        using var text = new PerceiverForSequenceClassification(Config, seed: 3);
        Check(text.Perceiver.AttentionMap(ids, mask, kind), text.forward(ids, mask, outputAttentions: true), kind);
        using var language = new PerceiverForMaskedLM(Config, seed: 4);
        Check(language.Perceiver.AttentionMap(ids, mask, kind), language.forward(ids, mask, outputAttentions: true), kind);
        using var mean = new PerceiverForSentenceEmbedding(Config, seed: 5);
        Check(mean.Perceiver.AttentionMap(ids, mask, kind), mean.forward(ids, mask, outputAttentions: true), kind);
        var eachLatent = mask.unsqueeze(1).expand(3, 6, 11).contiguous();
        eachLatent[0, 2, TensorIndex.Slice(0, 5)] = 0;
        Check(text.Perceiver.AttentionMap(ids, eachLatent, kind), text.forward(ids, eachLatent, outputAttentions: true), kind);
        using var images = new PerceiverForImageClassificationConvProcessing(
            Config with { ImageSize = 20, NumCrossAttentionHeads = 1, CrossAttentionShape = "q" }, seed: 6);
        var pixels = TinyModels.Normal(2, 3, 3, 20, 20);
        Check(images.Perceiver.AttentionMap(pixels, kind: kind), images.forward(pixels, outputAttentions: true), kind);
        using var arrays = new PerceiverForArray(Config with { NumCrossAttentionHeads = 1, Array = TinyArrays.Series }, seed: 7);
        var series = TinyModels.Normal(3, 3, 10, 2);
        Check(arrays.Perceiver.AttentionMap(series, kind: kind), arrays.forward(series, outputAttentions: true), kind);
    }

    [TestMethod]
    public void Padding_has_no_weight_and_changes_none()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForSequenceClassification(Config, seed: 3);
        var ids = TinyModels.Ids(1, 9);
        var padded = cat([ids, zeros(1, 12, ScalarType.Int64)], 1);
        var mask = cat([ones(1, 9, ScalarType.Int64), zeros(1, 12, ScalarType.Int64)], 1);
        var map = model.Perceiver.AttentionMap(padded, mask);
        Assert.AreEqual(0f, map.narrow(2, 9, 12).abs().max().item<float>());
        TinyModels.AssertSame(model.Perceiver.AttentionMap(ids), map.narrow(2, 0, 9));
    }

    [TestMethod]
    public void Scores_stay_what_they_are_to_the_last_bit()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForSequenceClassification(Config, seed: 3);
        var ids = TinyModels.Ids(2, 9);
        var (logits, attention) = model.Traced(ids, null, Rollout);
        Assert.AreEqual(0f, TinyModels.MaxDifference(model.forward(ids).Logits, logits));
        Assert.AreEqual(0f, TinyModels.MaxDifference(model.Perceiver.AttentionMap(ids), attention));
    }

    [TestMethod]
    [DataRow(ScalarType.BFloat16)]
    [DataRow(ScalarType.Float16)]
    public void Weights_are_float32_in_any_precision(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForSequenceClassification(Config, seed: 3);
        var ids = TinyModels.Ids(2, 9);
        var mask = ones(2, 9, ScalarType.Int64);
        mask[1, TensorIndex.Slice(5)] = 0;
        var exact = model.Perceiver.AttentionMap(ids, mask);
        model.to(type);
        var map = model.Perceiver.AttentionMap(ids, mask);
        Assert.AreEqual(ScalarType.Float32, map.dtype);
        Assert.AreEqual(0f, map[1, 0, TensorIndex.Slice(5)].abs().max().item<float>());
        AssertSums(map);
        // bfloat16 has eight binary digits.
        Assert.IsLessThan(0.02f, TinyModels.MaxDifference(exact, map));
    }

    [TestMethod]
    [DataRow(Rollout)]
    [DataRow(CrossAttentions)]
    [DataRow(Encoder)]
    public void A_model_that_is_made_to_look_at_one_byte_has_its_peak_there(PerceiverAttentionKind kind)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForSequenceClassification(Config, seed: 3);
        var ids = TinyModels.Ids(1, 20);
        const long place = 13;
        var inputs = model.Perceiver.Preprocess(ids).Inputs;
        var weights = model.state_dict();
        const string cross = "perceiver.encoder.cross_attention.attention.self.";
        // All queries are ones, and the keys the product with the normalised byte: no other normalised vector has a larger one.
        var wanted = nn.functional.layer_norm(inputs[0, place], [inputs.shape[2]]);
        weights[cross + "query.weight"].zero_();
        weights[cross + "query.bias"].fill_(1);
        weights[cross + "key.weight"].copy_(wanted.unsqueeze(0).expand_as(weights[cross + "key.weight"]));
        weights[cross + "key.bias"].zero_();
        var map = model.Perceiver.AttentionMap(ids, kind: kind);
        Assert.AreEqual(place, map[0, 0].argmax().item<long>());
        Assert.IsGreaterThan(0.9f, map[0, 0, place].item<float>());
    }

    [TestMethod]
    public void Attentions_that_were_not_asked_for_are_an_error()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForSequenceClassification(Config, seed: 3);
        var output = model.forward(TinyModels.Ids(1, 9));
        var error = Assert.ThrowsExactly<ArgumentException>(() => PerceiverAttentionMap.Of(output));
        StringAssert.Contains(error.Message, "outputAttentions: true");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PerceiverAttentionMap.Of(output, (PerceiverAttentionKind)7));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => model.Perceiver.AttentionMap(TinyModels.Ids(1, 9), kind: (PerceiverAttentionKind)7));
    }

    [TestMethod]
    public void Nothing_is_left_behind()
    {
        using var model = new PerceiverForSequenceClassification(Config, seed: 3);
        using var ids = TinyModels.Ids(2, 9);
        model.Perceiver.AttentionMap(ids).Dispose();
        long before = TinyModels.TensorsBefore();
        model.Perceiver.AttentionMap(ids).Dispose();
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    public void Probabilities_of_many_inputs_are_summed_some_latents_at_a_time()
    {
        using var scope = NewDisposeScope();
        using var query = TinyModels.Normal(1, 1, 2, 300, 4);
        using var key = TinyModels.Normal(2, 2, 2, 30_000, 4);
        var rows = TinyModels.Normal(3, 2, 3, 300).softmax(-1);
        // So many that they come in several parts: 2 x 2 x 30,000 scores for each latent.
        Assert.IsGreaterThan(AttentionKernel.ScoreBytes, 2L * 2 * 300 * 30_000 * sizeof(float));
        var all = (matmul(query, key.transpose(2, 3)) / 2).softmax(-1).mean([1]);
        TinyModels.AssertSame(matmul(rows, all), AttentionWeights.Sum(rows, query, key, null));
        TinyModels.AssertSame(all, AttentionWeights.MeanOverHeads(query, key, null));
    }

    private static void Check(Tensor map, PerceiverOutput output, PerceiverAttentionKind kind)
    {
        TinyModels.AssertSame(PerceiverAttentionMap.Of(output, kind), map);
        AssertSums(map);
    }

    private static void AssertSums(Tensor map)
    {
        Assert.IsGreaterThanOrEqualTo(0f, map.min().item<float>());
        TinyModels.AssertSame(ones_like(map.sum(-1)), map.sum(-1));
    }

    private static double[,] Mean(Tensor attention, int row)
    {
        long heads = attention.shape[1];
        double[,] mean = new double[attention.shape[2], attention.shape[3]];
        for (int i = 0; i < mean.GetLength(0); i++)
        {
            for (int j = 0; j < mean.GetLength(1); j++)
            {
                for (int head = 0; head < heads; head++)
                    mean[i, j] += attention[row, head, i, j].item<float>() / (double)heads;
            }
        }

        return mean;
    }

    private static double[,] HalfKept(double[,] attention)
    {
        double[,] half = new double[attention.GetLength(0), attention.GetLength(1)];
        for (int i = 0; i < half.GetLength(0); i++)
        {
            for (int j = 0; j < half.GetLength(1); j++)
                half[i, j] = attention[i, j] / 2 + (i == j ? 0.5 : 0);
        }

        return half;
    }

    private static double[,] Product(double[,] a, double[,] b)
    {
        double[,] product = new double[a.GetLength(0), b.GetLength(1)];
        for (int i = 0; i < a.GetLength(0); i++)
        {
            for (int j = 0; j < b.GetLength(1); j++)
            {
                for (int k = 0; k < b.GetLength(0); k++)
                    product[i, j] += a[i, k] * b[k, j];
            }
        }

        return product;
    }

    private static void AssertSame(double[,] expected, Tensor actual) =>
        TinyModels.AssertSame(tensor(expected.Cast<double>().ToArray()).view(actual.shape).to(ScalarType.Float32), actual);
}
