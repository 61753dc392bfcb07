using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Modules;

/// <summary>Predictions by rearranged weights, and when they end.</summary>
[TestClass]
public sealed class PackedWeightsTests
{
    [TestMethod]
    [DataRow("Float32", "None", false, false, DisplayName = "AVX2")]
    [DataRow("Float32", "Amx", false, false, DisplayName = "another maker's AVX-512, not measured")]
    [DataRow("Float32", "Avx512BFloat16", true, true, DisplayName = "AMD's AVX-512")]
    [DataRow("BFloat16", "None", true, false, DisplayName = "no unit for bfloat16")]
    [DataRow("BFloat16", "Avx512BFloat16", true, true, DisplayName = "AVX512_BF16")]
    [DataRow("BFloat16", "Amx", false, true, DisplayName = "AMX")]
    [DataRow("Float16", "Amx", false, false, DisplayName = "float16")]
    public void They_are_used_where_they_were_measured_to_be_faster(string type, string units, bool isAmdWithAvx512, bool expected)
    {
        bool faster = PackedWeights.AreFaster(Enum.Parse<ScalarType>(type), Enum.Parse<MatrixUnits>(units), isAmdWithAvx512);
        Assert.AreEqual(expected, faster);
    }

    [TestMethod]
    [DataRow("gelu")]
    [DataRow("gelu_new", DisplayName = "an activation that no product has")]
    public void Predictions_stay_the_same(string activation)
    {
        using var scope = NewDisposeScope();
        using var model = Model(activation);
        var mask = ones(3, 20);
        mask[1, 15..] = 0;
        var ids = TinyModels.Ids(3, 20);
        using (inference_mode())
        {
            var expected = model.forward(ids, mask).Logits;
            var one = model.forward(ids[..1], mask[..1]).Logits;
            Prepare(model);
            TinyModels.AssertSame(expected, model.forward(ids, mask).Logits);
            TinyModels.AssertSame(one, model.forward(ids[..1], mask[..1]).Logits);
            TinyModels.AssertSame(expected, model.forward(ids, mask, outputAttentions: true).Logits);
        }

        // With gradients the weights themselves are used.
        model.forward(ids, mask).Logits.sum().backward();
        Assert.IsTrue(model.parameters().All(p => p.grad is not null));
    }

    [TestMethod]
    public void Bfloat16_is_as_exact_as_without()
    {
        if (ProcessorFeatures.Units == MatrixUnits.None)
            Assert.Inconclusive("This processor does not multiply bfloat16.");
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var model = Model();
        var ids = TinyModels.Ids(3, 20);
        var exact = model.forward(ids).Logits;
        model.to(ScalarType.BFloat16);
        float before = TinyModels.MaxDifference(exact, model.forward(ids).Logits.to(ScalarType.Float32));
        Assert.IsTrue(model.PrepareForInference());
        Assert.IsLessThan(2 * before, TinyModels.MaxDifference(exact, model.forward(ids).Logits.to(ScalarType.Float32)));
    }

    [TestMethod]
    [DataRow("train")]
    [DataRow("convert")]
    [DataRow("trainer")]
    public void What_changes_weights_ends_it(string change)
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var ids = TinyModels.Ids(3, 20);
        Prepare(model);
        Assert.IsTrue(Layers(model).All(l => l.IsPrepared));
        switch (change)
        {
            case "train":
                model.train();
                model.eval();
                break;
            case "convert":
                model.to(ScalarType.Float64);
                model.to(ScalarType.Float32);
                break;
            case "trainer":
                var rows = PerceiverTextRows.FromTokens([[4, 70, 71, 72, 73, 74, 75, 76, 77, 78, 5]]);
                var options = new PerceiverTrainingOptions { Epochs = 1, LearningRate = 0.1 };
                PerceiverTrainer.Run(new PerceiverMaskedLanguageObjective(model, rows, PerceiverTextRows.FromTokens([]), options), options);
                break;
        }

        Assert.IsTrue(Layers(model).All(l => !l.IsPrepared));
        using var gradients = no_grad();
        foreach (var parameter in model.parameters())
            parameter.mul_(1.5);
        using var other = Model();
        foreach (var (copy, original) in other.parameters().Zip(model.parameters()))
            copy.copy_(original);
        TinyModels.AssertSame(other.forward(ids).Logits, model.forward(ids).Logits);
    }

    [TestMethod]
    public void A_move_that_changes_nothing_keeps_it()
    {
        using var model = Model();
        Prepare(model);
        model.to(CPU);
        model.eval();
        Assert.IsTrue(Layers(model).All(l => l.IsPrepared));
    }

    // Its batch norm has a counter, an integer.
    [TestMethod]
    public void Mapped_weights_of_an_image_model_are_prepared_where_that_is_faster()
    {
        using var folder = new TemporaryFolder();
        var config = TinyModels.Config with { ImageSize = 24, ModelChannels = 322 };
        using (var model = new PerceiverForImageClassificationConvProcessing(config, seed: 3))
            model.SavePretrained(folder.Path);
        using var loaded = PerceiverCheckpoint.FromDirectory(folder.Path).WithMappedWeights().Load(ForPrediction).Model;
        bool isFaster = PackedWeights.AreFaster(ScalarType.Float32, CPU);
        Assert.IsTrue(Layers(loaded).All(l => l.IsPrepared == isFaster));

        static PerceiverForImageClassificationConvProcessing ForPrediction(PerceiverConfig config) =>
            new(config, initialize: false) { IsForPrediction = true };
    }

    private static PerceiverForMaskedLM Model(string activation = "gelu")
    {
        var config = TinyModels.Config with { InitializerRange = 0.3, HiddenActivation = activation, AttentionDropout = 0 };
        return new PerceiverForMaskedLM(config, seed: 3);
    }

    private static PerceiverLayer[] Layers(nn.Module model) => [.. model.modules().OfType<PerceiverLayer>()];

    // On every processor, whatever is faster there.
    private static void Prepare(nn.Module model)
    {
        foreach (var layer in Layers(model))
            layer.Prepare(PackedWeights.Instance);
    }
}
