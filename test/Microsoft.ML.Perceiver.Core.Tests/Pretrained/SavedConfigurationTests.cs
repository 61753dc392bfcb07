using Microsoft.ML.Perceiver.Tests.Modules;
using TorchSharp;

namespace Microsoft.ML.Perceiver.Tests.Pretrained;

/// <summary>What Hugging Face's library needs in a config.json to build the class that was saved.</summary>
[TestClass]
public sealed class SavedConfigurationTests
{
    [TestMethod]
    public void A_classifier_without_names_is_saved_with_labels_that_give_its_width()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        var config = PerceiverConfig.FromJson("""{"num_labels": 5}""");
        using var model = new PerceiverForSequenceClassification(TinyModels.Config with { OtherKeys = config.OtherKeys });
        model.SavePretrained(folder.Path);
        var saved = PerceiverConfig.FromFile(folder.Path);
        Assert.AreEqual("PerceiverForSequenceClassification", saved.Architectures!.Single());
        Assert.HasCount(5, saved.IdToLabel!);
        Assert.AreEqual("LABEL_4", saved.IdToLabel![4]);
        Assert.AreEqual(4, saved.LabelToId!["LABEL_4"]);
        Assert.IsFalse(saved.OtherKeys.ContainsKey("num_labels"));
        using var loaded = PerceiverForSequenceClassification.FromPretrained(folder.Path);
        Assert.AreEqual(0f, TinyModels.MaxDifference(model.state_dict().Values.Last(), loaded.state_dict().Values.Last()));
    }

    [TestMethod]
    [DataRow(PerceiverPrecision.Float16, "float16")]
    [DataRow(PerceiverPrecision.Float32, "float32")]
    public void The_configuration_says_the_type_of_the_weights_and_keeps_what_it_does_not_know(
        PerceiverPrecision precision, string expected)
    {
        using var folder = new TemporaryFolder();
        var config = PerceiverConfig.FromJson("""{"torch_dtype": "float64", "seq_len": 50176}""");
        using (var model = new PerceiverForMaskedLM(TinyModels.Config with { OtherKeys = config.OtherKeys }))
            model.SavePretrained(folder.Path, precision);
        var saved = PerceiverConfig.FromFile(folder.Path);
        Assert.AreEqual(expected, saved.OtherKeys["torch_dtype"].GetString());
        Assert.AreEqual(50176, saved.OtherKeys["seq_len"].GetInt32());
        Assert.IsNull(saved.IdToLabel);
    }
}
