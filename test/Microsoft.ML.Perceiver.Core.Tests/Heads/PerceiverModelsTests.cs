using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Tests.Heads;

[TestClass]
public sealed class PerceiverModelsTests
{
    [TestMethod]
    public void Every_head_of_the_library_is_made_by_its_name()
    {
        var models = typeof(PerceiverPreTrainedModel).Assembly.GetExportedTypes()
            .Where(t => !t.IsAbstract && t.IsSubclassOf(typeof(PerceiverPreTrainedModel)));
        string[] heads = [.. models.Where(t => t != typeof(PerceiverModel)).Select(t => t.Name)];
        CollectionAssert.AreEquivalent(heads, PerceiverModels.Architectures.ToArray());
        foreach (string name in PerceiverModels.Architectures)
        {
            var published = PerceiverPublishedCheckpoints.All.FirstOrDefault(c => c.Config.Architectures![0] == name);
            var config = (published ?? PerceiverPublishedCheckpoints.Language).Config;
            using var model = PerceiverModels.Create(
                config with { Architectures = [name, "Another"], Array = TinyArrays.Series }, initialize: false);
            Assert.AreEqual(name, model.GetType().Name);
            Assert.IsTrue(model.parameters().All(p => p.is_meta), name);
        }
    }

    [TestMethod]
    public void The_same_seed_draws_the_weights_that_the_constructor_draws()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var config = TinyModels.Config with { Architectures = [nameof(PerceiverForMaskedLM)] };
        var expected = new PerceiverForMaskedLM(config, seed: 5).state_dict();
        foreach (var (name, value) in PerceiverModels.Create(config, seed: 5).state_dict())
            CollectionAssert.AreEqual(expected[name].bytes.ToArray(), value.bytes.ToArray(), name);
    }

    [TestMethod]
    [DataRow("mlm_default", typeof(PerceiverForMaskedLM))]
    [DataRow("seqcls_multi", typeof(PerceiverForSequenceClassification))]
    [DataRow("conv_multi", typeof(PerceiverForImageClassificationConvProcessing))]
    public void A_folder_is_loaded_as_the_head_that_it_names(string folder, Type expected)
    {
        using var model = PerceiverModels.FromPretrained(GoldenFolder.BundledPathOf("models", folder));
        Assert.IsInstanceOfType(model, expected);
        Assert.IsFalse(model.parameters().Any(p => p.is_meta));
    }

    [TestMethod]
    public void What_names_no_head_is_refused_by_its_name()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => PerceiverModels.Create(null!));
        Assert.Contains(
            "'BertModel'; the heads are PerceiverForMaskedLM, ",
            Assert.ThrowsExactly<ArgumentException>(
                () => PerceiverModels.Create(new PerceiverConfig { Architectures = ["BertModel"] })).Message);
        foreach (var config in new[] { new PerceiverConfig(), new PerceiverConfig { Architectures = [] } })
        {
            Assert.Contains(
                "architecture is not given", Assert.ThrowsExactly<ArgumentException>(() => PerceiverModels.Create(config)).Message);
        }

        Assert.Contains(
            "an image classifier is",
            Assert.ThrowsExactly<ArgumentException>(
                () =>
                    PerceiverForImageClassification.Create(
                        new PerceiverConfig { Architectures = [nameof(PerceiverForMaskedLM)] })).Message);
    }
}
