using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Heads;

/// <summary>An activation that is given as a function.</summary>
[TestClass]
public sealed class ActivationFunctionTests
{
    private static readonly PerceiverConfig Config = TinyModels.Config with { InitializerRange = 0.3 };

    [TestMethod]
    public void A_function_gives_what_its_name_gives_in_every_layer()
    {
        Check("relu", x => x.clamp_min(0));
        Check("tanh", x => x.tanh());
        Check("linear", x => x);

        static void Check(string name, Func<Tensor, Tensor> function)
        {
            using var scope = NewDisposeScope();
            using var named = new PerceiverForSequenceClassification(Config with { HiddenActivation = name }, seed: 4);
            using var given = new PerceiverForSequenceClassification(Config with { HiddenActivationFunction = function }, seed: 4);
            using var usual = new PerceiverForSequenceClassification(Config, seed: 4);
            var (ids, labels) = (TinyModels.Ids(2, 12), tensor(new long[] { 0, 1 }));
            var (expected, actual) = (named.forward(ids, labels: labels), given.forward(ids, labels: labels));
            Assert.AreEqual(0f, TinyModels.MaxDifference(expected.Logits, actual.Logits));
            Assert.IsGreaterThan(1e-3f, TinyModels.MaxDifference(usual.forward(ids).Logits, actual.Logits));
            expected.Loss!.backward();
            actual.Loss!.backward();
            foreach (var (p, q) in named.parameters().Zip(given.parameters()))
                Assert.AreEqual(0f, TinyModels.MaxDifference(p.grad!, q.grad!));
        }
    }

    [TestMethod]
    public void It_is_called_once_for_each_layer_of_encoder_and_decoder()
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        int calls = 0;
        var config = Config with { HiddenActivationFunction = Count };
        var decoder = new PerceiverBasicDecoder(config, new()
        {
            NumChannels = 8,
            PositionEncoding = PerceiverPositionEncodingOptions.ForTrainable(8, 3),
        });
        using var model = new PerceiverModel(config, decoder);
        model.forward(TinyModels.Normal(1, 2, 5, 24));
        // The encoder's cross-attention, its layers in each block, and the decoder.
        Assert.AreEqual(1 + Config.NumBlocks * Config.NumSelfAttendsPerBlock + 1, calls);

        Tensor Count(Tensor x)
        {
            calls++;
            return x.sigmoid();
        }
    }

    [TestMethod]
    public void The_file_keeps_the_name_and_who_loads_gives_the_function_again()
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var config = Config with { HiddenActivation = "silu", HiddenActivationFunction = x => x.sin() };
        Assert.AreEqual((config with { HiddenActivationFunction = null }).ToJson(), config.ToJson());
        using var model = new PerceiverForMaskedLM(config, seed: 4);
        model.SavePretrained(folder.Path);
        var checkpoint = PerceiverCheckpoint.FromDirectory(folder.Path);
        Assert.AreEqual("silu", checkpoint.Config.HiddenActivation);
        Assert.IsNull(checkpoint.Config.HiddenActivationFunction);
        var (loaded, _) = checkpoint.Load(
            c => new PerceiverForMaskedLM(c with { HiddenActivationFunction = x => x.sin() }, initialize: false));
        using (loaded)
            TinyModels.AssertSame(model.forward(TinyModels.Ids(2, 12)).Logits, loaded.forward(TinyModels.Ids(2, 12)).Logits);
    }
}
