using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Tests.Pretrained;

/// <summary>Folders with another head than the one that is loaded.</summary>
[TestClass]
public sealed class HeadMismatchTests
{
    [TestMethod]
    public void The_names_are_those_of_the_classes()
    {
        CollectionAssert.AreEquivalent(PerceiverModels.Architectures.ToArray(), HeadNames.All.ToArray());
        CollectionAssert.AreEquivalent(
            HeadClass.All.Where(head => head.ImagePreprocessor is not null).Select(head => head.Name).ToArray(),
            HeadNames.Images.ToArray());
    }

    [TestMethod]
    public void Another_head_over_the_same_encoder_says_how_to_start_a_new_one()
    {
        using var folder = new TemporaryFolder();
        using (var saved = new PerceiverForMaskedLM(TinyModels.Config, seed: 3))
            saved.SavePretrained(folder.Path);
        var error = Assert.ThrowsExactly<FormatException>(() => PerceiverForSequenceClassification.FromPretrained(folder.Path));
        StringAssert.Contains(error.Message, " is of PerceiverForMaskedLM, not of PerceiverForSequenceClassification.");
        StringAssert.Contains(error.Message, "newHead: true");

        // What the message says works.
        var (model, report) = PerceiverCheckpoint.FromDirectory(folder.Path).Load(
            c => new PerceiverForSequenceClassification(c, initialize: false), newHead: true);
        using (model)
            Assert.IsGreaterThan(0, report.Loaded.Count);
    }

    [TestMethod]
    public void A_head_that_reads_other_inputs_is_named_before_any_number()
    {
        using var folder = new TemporaryFolder();
        var config = TinyModels.Config with { ImageSize = 16, NumCrossAttentionHeads = 1, QueryKeyChannels = null, ModelChannels = 13 };
        using (var saved = new PerceiverForImageClassificationConvProcessing(config, seed: 3))
            saved.SavePretrained(folder.Path);
        string file = folder["config.json"];
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"num_cross_attention_heads\": 1", "\"num_cross_attention_heads\": 2"));
        foreach (bool newHead in new[] { false, true })
        {
            var error = Assert.ThrowsExactly<FormatException>(() => PerceiverCheckpoint.FromDirectory(folder.Path).Load(
                c => new PerceiverForMaskedLM(c, initialize: false), newHead: newHead));
            StringAssert.Contains(error.Message, " is of PerceiverForImageClassificationConvProcessing, not of PerceiverForMaskedLM.");
            Assert.DoesNotContain("newHead", error.Message);
        }
    }

    [TestMethod]
    public void Weights_that_fit_load_whatever_class_the_configuration_names()
    {
        using var folder = new TemporaryFolder();
        using (var saved = new PerceiverForMaskedLM(TinyModels.Config, seed: 3))
            saved.SavePretrained(folder.Path);
        string file = folder["config.json"];
        File.WriteAllText(file, File.ReadAllText(file).Replace("PerceiverForMaskedLM", "PerceiverForSequenceClassification"));
        PerceiverForMaskedLM.FromPretrained(folder.Path).Dispose();
    }

    [TestMethod]
    public void Damaged_weights_of_the_same_head_are_not_said_to_be_of_another()
    {
        using var folder = new TemporaryFolder();
        using (var saved = new PerceiverForMaskedLM(TinyModels.Config, seed: 3))
            saved.SavePretrained(folder.Path);
        File.WriteAllText(folder["model.safetensors"], "x");
        var error = Assert.ThrowsExactly<FormatException>(() => PerceiverForMaskedLM.FromPretrained(folder.Path));
        Assert.DoesNotContain("not of", error.Message);
    }
}
