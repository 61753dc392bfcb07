using Microsoft.ML.Perceiver.Tests.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Heads;

/// <summary>What the golden data does not say: own parts, partial decoding, precision, seeds, memory, bad tensors.</summary>
[TestClass]
public sealed class ModelTests
{
    // Weights that make the numbers of a forward large beside their rounding.
    private static readonly PerceiverConfig LargeWeights = TinyModels.Config with { InitializerRange = 0.3 };

    [TestMethod]
    public void Logits_at_positions_are_those_of_the_whole_forward()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var model = new PerceiverForMaskedLM(LargeWeights, seed: 3);
        var ids = TinyModels.Ids(2, 17);
        var mask = tensor(new long[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0 }, 1, 17).expand(2, 17);
        var all = model.forward(ids, mask).Logits;
        var some = model.LogitsAt(ids, tensor(new long[] { 3, 39, 0, 5, 5, 16 }, 2, 3), mask);
        TinyModels.AssertSame(all[0].index_select(0, tensor(new long[] { 3, 39, 0 })), some[0]);
        TinyModels.AssertSame(all[1].index_select(0, tensor(new long[] { 5, 5, 16 })), some[1]);
    }

    [TestMethod]
    public void Padding_that_is_masked_changes_nothing()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var model = new PerceiverForSequenceClassification(LargeWeights, seed: 3);
        var ids = TinyModels.Ids(1, 9);
        var padded = cat([ids, zeros(1, 12, ScalarType.Int64)], 1);
        var mask = cat([ones(1, 9, ScalarType.Int64), zeros(1, 12, ScalarType.Int64)], 1);
        TinyModels.AssertSame(model.forward(ids).Logits, model.forward(padded, mask).Logits);
    }

    [TestMethod]
    public void The_head_mask_acts_alike_with_and_without_attentions()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var model = new PerceiverForSequenceClassification(LargeWeights, seed: 3);
        var ids = TinyModels.Ids(2, 9);
        var mask = tensor(new float[] { 1, 0 });
        var plain = model.forward(ids, headMask: mask, outputAttentions: true);
        TinyModels.AssertSame(plain.Logits, model.forward(ids, headMask: mask).Logits);
        Assert.AreEqual(0f, plain.Attentions![0][TensorIndex.Colon, 1].abs().max().item<float>());
        Assert.IsGreaterThan(100 * TinyModels.Rounding, TinyModels.MaxDifference(plain.Logits, model.forward(ids).Logits));
    }

    [TestMethod]
    public void The_seed_decides_the_weights_and_the_global_random_state_is_left_alone()
    {
        using var scope = NewDisposeScope();
        var before = random.get_rng_state();
        using var a = new PerceiverForMaskedLM(TinyModels.Config, seed: 7);
        using var b = new PerceiverForMaskedLM(TinyModels.Config, seed: 7);
        using var c = new PerceiverForMaskedLM(TinyModels.Config, seed: 8);
        Assert.IsTrue(before.equal(random.get_rng_state()).all().item<bool>());
        foreach (var (name, value) in a.state_dict())
            Assert.AreEqual(0f, TinyModels.MaxDifference(value, b.state_dict()[name]), name);
        Assert.IsTrue(a.state_dict().Any(p => TinyModels.MaxDifference(p.Value, c.state_dict()[p.Key]) > 0));
    }

    [TestMethod]
    public void New_weights_have_the_configured_distribution()
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForMaskedLM(TinyModels.Config with { InitializerRange = 0.5 });
        var weights = model.state_dict()["perceiver.input_preprocessor.embeddings.weight"];
        Assert.AreEqual(
            0.5 * 0.8796, weights.std().item<float>(), 0.01); // a normal distribution cut at two deviations keeps 0.8796 of its own
        Assert.IsLessThanOrEqualTo(1.0f, weights.abs().max().item<float>());
        Assert.AreEqual(1f, model.state_dict()["perceiver.encoder.cross_attention.layernorm.weight"].min().item<float>());
        Assert.AreEqual(0f, model.state_dict()["embedding_decoder.bias"].abs().max().item<float>());
    }

    [TestMethod]
    public void Half_precision_stays_near_single()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var model = new PerceiverForSequenceClassification(TinyModels.Config with { InitializerRange = 0.2 }, seed: 3);
        var ids = TinyModels.Ids(64, 20);
        var exact = model.forward(ids).Logits;
        double noise = RoundingNoise.Of(model, PerceiverPrecision.BFloat16, () => model.forward(ids).Logits);
        model.to(ScalarType.BFloat16);
        var rounded = model.forward(ids, ones(64, 20, ScalarType.Int64)).Logits;
        Assert.AreEqual(ScalarType.BFloat16, rounded.dtype);
        Assert.IsLessThan(noise, RoundingNoise.RootMeanSquare(exact, rounded));
        Assert.IsTrue(model.parameters().All(p => p.dtype == ScalarType.BFloat16));
    }

    [TestMethod]
    public void A_forward_leaves_nothing_behind()
    {
        using var inference = no_grad();
        using var model = new PerceiverForMaskedLM(TinyModels.Config);
        using var ids = TinyModels.Ids(2, 20);
        using (model.forward(ids, outputAttentions: true, outputHiddenStates: true))
        {
        }

        long before = TinyModels.TensorsBefore();
        for (int i = 0; i < 3; i++)
            model.forward(ids, outputAttentions: true, outputHiddenStates: true).Dispose();
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    public void Everything_trains()
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForMaskedLM(TinyModels.Config);
        model.train();
        var labels = full([2, 40], PerceiverForMaskedLM.IgnoredLabel, ScalarType.Int64);
        labels[TensorIndex.Colon, 4] = 77;
        model.forward(TinyModels.Ids(2, 40), labels: labels).Loss!.backward();
        foreach (var (name, parameter) in model.named_parameters())
        {
            using var gradient = parameter.grad;
            Assert.IsNotNull(gradient, name);
        }
    }

    [TestMethod]
    public void A_part_of_the_users_own_takes_the_place_of_ours()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var model = new PerceiverModel(TinyModels.Config, new MeanDecoder(), new OneHotBytes());
        var output = model.forward(TinyModels.Ids(2, 9));
        CollectionAssert.AreEqual(new long[] { 2, 16 }, output.Logits!.shape);
        Assert.IsLessThan(1e-6f, TinyModels.MaxDifference(output.LastHiddenState.mean([1]), output.Logits));
        Assert.IsTrue(model.parameters().All(p => !p.is_meta));
    }

    [TestMethod]
    public void A_projection_decoder_can_be_called_by_the_model()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var model = new PerceiverModel(
            TinyModels.Config, new PerceiverProjectionDecoder(TinyModels.Config), new PerceiverTextPreprocessor(TinyModels.Config));
        CollectionAssert.AreEqual(new long[] { 3, 2 }, model.forward(TinyModels.Ids(3, 9)).Logits!.shape);
    }

    [TestMethod]
    public void Several_threads_share_one_model()
    {
        using var model = new PerceiverForSequenceClassification(TinyModels.Config, seed: 3);
        float[] One(int seed)
        {
            using var scope = NewDisposeScope();
            using var inference = inference_mode();
            return model.forward(TinyModels.Ids(1, 12, seed)).Logits.data<float>().ToArray();
        }

        float[][] expected = Enumerable.Range(0, 16).Select(One).ToArray();
        Parallel.For(0, 64, i => CollectionAssert.AreEqual(expected[i % 16], One(i % 16)));
    }

    [TestMethod]
    public void Wrong_tensors_are_refused_in_words()
    {
        using var scope = NewDisposeScope();
        using var language = new PerceiverForMaskedLM(TinyModels.Config);
        using var bare = new PerceiverModel(TinyModels.Config);
        var ids = TinyModels.Ids(2, 9);
        Refused("at most 40", () => language.forward(TinyModels.Ids(1, 41)));
        Refused("Int64", () => language.forward(ids.to(ScalarType.Float32)));
        Refused("two", () => language.forward(ids[0]));
        Refused("attention mask", () => language.forward(ids, ones(2, 8)));
        Refused("head mask", () => language.forward(ids, headMask: ones(3)));
        Refused("labels", () => language.forward(ids, labels: ids));
        Refused("positions", () => language.LogitsAt(ids, zeros(1, 2, ScalarType.Int64)));
        Refused("d_model", () => bare.forward(ones(2, 9, 23)));
        Refused("modality", () => bare.forward(new PerceiverInputs(new Dictionary<string, Tensor>())));
        Refused("bytes", () => _ = new PerceiverMaskFiller(new PerceiverForMaskedLM(TinyModels.Config with { VocabularySize = 100 })));
    }

    private static void Refused(string word, Action action) =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(action).Message, word);

    private sealed class OneHotBytes() : PerceiverPreprocessor(nameof(OneHotBytes))
    {
        public override int NumChannels => 262;

        public override PerceiverPreprocessedInputs forward(PerceiverInputs inputs) =>
            new(nn.functional.one_hot(inputs.Tensor, 262).to(ScalarType.Float32));
    }

    private sealed class MeanDecoder() : PerceiverDecoder(nameof(MeanDecoder))
    {
        public override int NumQueryChannels => 0;

        public override Tensor? Query(PerceiverPreprocessedInputs inputs, PerceiverInputs? subsampledPoints = null) => null;

        public override PerceiverDecoderOutput forward(Tensor? query, Tensor latents, bool outputAttentions = false) =>
            new(latents.mean([1]), null);
    }
}
