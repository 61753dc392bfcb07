using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Initialization;

[TestClass]
public sealed class LocalTextInitializerTests
{
    private static readonly PerceiverConfig Config = new()
    {
        NumLatents = 16,
        LatentChannels = 64,
        ModelChannels = 64,
        NumSelfAttendsPerBlock = 2,
        NumSelfAttentionHeads = 4,
        NumCrossAttentionHeads = 4,
        MaxPositionEmbeddings = 64,
        AttentionDropout = 0,
    };

    [TestMethod]
    public void Latents_first_read_the_bytes_around_their_anchors()
    {
        using var scope = NewDisposeScope();
        using var model = Load(seed: 1);
        var output = model.forward(TinyModels.Ids(2, 64), outputAttentions: true);
        var reading = output.CrossAttentions![0].argmax(-1).data<long>().ToArray();
        // [texts, heads, latents]: head h of latent i looks at byte 4i + 1.5 and the distance h - 1.5.
        int near = 0;
        for (int i = 0; i < reading.Length; i++)
        {
            double wanted = i % 16 * 4 + 1.5 + i / 16 % 4 - 1.5;
            near += Math.Abs(reading[i] - wanted) <= 1 ? 1 : 0;
        }

        Assert.IsGreaterThan(0.95, near / (double)reading.Length);
        // Half of the heads look at neighbours: head 0 at the latent before, head 1 at the one behind.
        var thinking = output.Attentions![0].argmax(-1);
        Assert.IsGreaterThan(0.8, thinking[0, 0, TensorIndex.Slice(1)].eq(arange(15)).to(ScalarType.Float32).mean().item<float>());
        Assert.IsGreaterThan(0.8, thinking[0, 1, TensorIndex.Slice(0, 15)].eq(arange(1, 16)).to(ScalarType.Float32).mean().item<float>());
    }

    [TestMethod]
    public void It_depends_on_its_seed_alone()
    {
        using var scope = NewDisposeScope();
        using var first = Load(seed: 1);
        random.manual_seed(77);
        using var same = Load(seed: 1);
        using var other = Load(seed: 2);
        var ids = TinyModels.Ids(1, 20);
        Assert.AreEqual(0f, TinyModels.MaxDifference(first.forward(ids).Logits, same.forward(ids).Logits));
        Assert.IsGreaterThan(1e-3f, TinyModels.MaxDifference(first.forward(ids).Logits, other.forward(ids).Logits));
    }

    [TestMethod]
    [DataRow(6, 16, 24, 2)]
    [DataRow(64, 96, 32, 8)]
    public void It_suits_any_shape_and_trains(int latents, int latentChannels, int modelChannels, int heads)
    {
        using var scope = NewDisposeScope();
        var config = Config with
        {
            NumLatents = latents,
            LatentChannels = latentChannels,
            ModelChannels = modelChannels,
            NumSelfAttentionHeads = heads,
            NumCrossAttentionHeads = heads,
        };
        var checkpoint = PerceiverCheckpoint.FromConfig(config.WithLabels(["a", "b"]), 1, PerceiverInitialization.LocalText);
        using var classifier = checkpoint.Load(c => new PerceiverForSequenceClassification(c, initialize: false)).Model;
        using var language = checkpoint.Load(c => new PerceiverForMaskedLM(c, initialize: false)).Model;
        var ids = TinyModels.Ids(2, 30);
        var loss = classifier.forward(ids, labels: tensor(new long[] { 0, 1 })).Loss!;
        loss.backward();
        Assert.IsTrue(classifier.parameters().All(p => p.grad is not null && p.grad.isfinite().all().item<bool>()));
        Assert.IsLessThan(
            8f, nn.functional.cross_entropy(language.forward(ids).Logits[.., ..30].reshape(-1, 262), ids.reshape(-1)).item<float>());
    }

    [TestMethod]
    public void A_text_model_without_a_head_begins_as_one_with_a_head()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var bare = PerceiverCheckpoint.FromConfig(Config, 1, PerceiverInitialization.LocalText)
            .Load(c => new PerceiverModel(c, inputPreprocessor: new PerceiverTextPreprocessor(c), initialize: false)).Model;
        // The first layer reads neighbours: head 0 of latent i the byte 4i, within rounding.
        var reading = bare.forward(TinyModels.Ids(1, 64), outputAttentions: true).CrossAttentions![0][0, 0].argmax(-1);
        Assert.IsGreaterThan(0.9, reading.sub(arange(16) * 4).abs().le(1).to(ScalarType.Float32).mean().item<float>());
    }

    [TestMethod]
    public void A_model_that_reads_no_text_is_refused()
    {
        var checkpoint = PerceiverCheckpoint.FromConfig(Config, 1, PerceiverInitialization.LocalText);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => checkpoint.Load(c => new PerceiverModel(c, initialize: false))).Message,
            "other models than PerceiverModel");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PerceiverCheckpoint.FromConfig(Config, 1, (PerceiverInitialization)9));
    }

    private static PerceiverForMaskedLM Load(long seed) =>
        PerceiverCheckpoint.FromConfig(Config, seed, PerceiverInitialization.LocalText).Load(
            c => new PerceiverForMaskedLM(c, initialize: false)).Model;
}
