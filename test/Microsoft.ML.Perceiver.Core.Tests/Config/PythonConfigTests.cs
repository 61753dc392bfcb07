using System.Text.Json.Nodes;
using TorchSharp;

namespace Microsoft.ML.Perceiver.Tests.Config;

/// <summary>Configurations as Python programs write them, which transformers 4.37 loads.</summary>
[TestClass]
public sealed class PythonConfigTests
{
    [TestMethod]
    [DataRow("""{"id2label": {"0": "ham", "1": "spam"}, "label2id": {"ham": "0", "spam": "1"}}""", "ham", "spam")]
    [DataRow("""{"id2label": {"0": "ham", "1": "spam"}, "label2id": {"0": "ham", "1": "spam"}}""", "ham", "spam")]
    [DataRow("""{"id2label": {"0": "ham", "1": "spam"}, "label2id": {"ham": 0.0, "spam": 1.0}}""", "ham", "spam")]
    [DataRow("""{"id2label": {"0": "ham", "1": "spam"}, "label2id": {"ham": [0], "spam": null}}""", "ham", "spam")]
    [DataRow("""{"id2label": {"0": "ham", "1": "spam"}, "num_labels": "two"}""", "ham", "spam")]
    [DataRow("""{"id2label": ["ham", "spam"]}""", "ham", "spam")]
    [DataRow("""{"id2label": {"0": 0, "1": 1}, "label2id": {"0": 0, "1": 1}}""", "0", "1")]
    [DataRow("""{"id2label": {"0": 0.5, "1": 1.0}}""", "0.5", "1.0")]
    [DataRow("""{"id2label": {"0": false, "1": true}, "label2id": {"false": 0, "true": 1}}""", "False", "True")]
    [DataRow("""{"id2label": {"0": null, "1": NaN}}""", "None", "nan")]
    [DataRow("""{"id2label": {"0": -Infinity, "1": "Infinity"}}""", "-inf", "Infinity")]
    [DataRow("""{"id2label": {}, "label2id": null}""", "LABEL_0", "LABEL_1")]
    [DataRow("""{"id2label": null, "num_labels": 2.0}""", "LABEL_0", "LABEL_1")]
    [DataRow("""{"id2label": {"0": "a", "0": "b", "1": "c"}}""", "b", "c")]
    public void Names_of_labels_are_read_whatever_they_are(string json, string first, string second)
    {
        var config = PerceiverConfig.FromJson(json);
        config.Validate();
        CollectionAssert.AreEqual(new[] { first, second }, config.LabelNames.ToArray());
        if (config.LabelToId is { } indices && json.Contains("ham", StringComparison.Ordinal))
            CollectionAssert.AreEqual(new[] { 0, 1 }, new[] { indices["ham"], indices["spam"] });
        CollectionAssert.AreEqual(config.LabelNames.ToArray(), PerceiverConfig.FromJson(config.ToJson()).LabelNames.ToArray());
    }

    [TestMethod]
    [DataRow("""{"num_latents": 32.0, "d_latents": 64.0, "image_size": 5.6e1, "num_blocks": true, "qk_channels": null}""")]
    [DataRow("""{"num_latents": 32, "d_latents": 64, "train_size": [368.0, 496], "output_shape": [1.0, 16, 224, 224.0]}""")]
    [DataRow("""{"num_latents": 32, "d_latents": 64, "layer_norm_eps": "1e-12", "initializer_range": null}""")]
    [DataRow("""{"num_latents": 32, "d_latents": 64, "layer_norm_eps": NaN, "attention_probs_dropout_prob": Infinity}""")]
    [DataRow("""{"num_latents": 32, "d_latents": 64, "initializer_range": -Infinity, "attention_probs_dropout_prob": null}""")]
    [DataRow("""{"num_latents": 32, "d_latents": 64, "architectures": null, "model_type": null, "problem_type": null}""")]
    public void Numbers_are_read_as_the_reference_takes_them(string json)
    {
        var config = PerceiverConfig.FromJson(json);
        config.Validate();
        Assert.AreEqual(32, config.NumLatents);
        Assert.AreEqual(64, config.LatentChannels);
        Assert.AreEqual(56, config.ImageSize);
        CollectionAssert.AreEqual(new[] { 368, 496 }, config.TrainSize.ToArray());
        Assert.AreEqual(0.02, config.InitializerRange);
        Assert.AreEqual(0.1, config.AttentionDropout);
        Assert.AreEqual(1e-12, config.LayerNormEpsilon);
    }

    [TestMethod]
    [DataRow("null", false)]
    [DataRow("0", false)]
    [DataRow("0.0", false)]
    [DataRow("1", true)]
    [DataRow("1.0", true)]
    [DataRow("NaN", true)]
    public void Truth_values_are_Python_s(string value, bool expected)
    {
        string json = $$"""{"output_attentions": {{value}}, "output_hidden_states": {{value}}, "use_query_residual": {{value}}}""";
        var config = PerceiverConfig.FromJson(json);
        Assert.AreEqual(expected, config.OutputAttentions);
        Assert.AreEqual(expected, config.OutputHiddenStates);
        Assert.AreEqual(expected, config.UseQueryResidual);
    }

    [TestMethod]
    public void Keys_without_a_property_may_have_any_value_of_Python()
    {
        string deep = string.Concat(Enumerable.Repeat("[", 100)) + string.Concat(Enumerable.Repeat("]", 100));
        var config = PerceiverConfig.FromJson(
            $$"""
            {"temperature": Infinity, /* "NaN */ "losses": [NaN, -Infinity, 1], "note": "a \" NaN \\", // it's "Infinity
             "nested": {"x": NaN}, "deep": {{deep}}}
            """);
        var written = JsonNode.Parse(config.ToJson(), documentOptions: new() { MaxDepth = 256 })!;
        Assert.AreEqual(double.PositiveInfinity, (double)written["temperature"]!);
        Assert.AreEqual("""["NaN",-1e999,1]""", written["losses"]!.ToJsonString());
        Assert.AreEqual("a \" NaN \\", (string)written["note"]!);
        Assert.AreEqual(deep, written["deep"]!.ToJsonString(new() { MaxDepth = 256 }));
    }

    [TestMethod]
    [DataRow("PerceiverForMaskedLM", "image_size", false)]
    [DataRow("PerceiverForMaskedLM", "train_size", false)]
    [DataRow("PerceiverForMaskedLM", "output_shape", false)]
    [DataRow("PerceiverForMaskedLM", "vocab_size", true)]
    [DataRow("PerceiverForOpticalFlow", "vocab_size", false)]
    [DataRow("PerceiverForOpticalFlow", "train_size", true)]
    [DataRow("PerceiverForImageClassificationLearned", "image_size", true)]
    [DataRow("PerceiverForMultimodalAutoencoding", "num_frames", true)]
    [DataRow("PerceiverForMaskedLM", "num_latents", true)]
    [DataRow("SomebodysModel", "train_size", true)]
    public void Only_keys_that_the_head_reads_need_a_value(string head, string key, bool isNeeded)
    {
        foreach (string value in new[] { "null", "\"many\"", "1.5", "{}" })
        {
            string json = $$"""{"architectures": ["{{head}}"], "{{key}}": {{value}}}""";
            if (isNeeded)
                StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => PerceiverConfig.FromJson(json)).Message, key);
            else
                PerceiverConfig.FromJson(json).Validate();
        }
    }

    [TestMethod]
    public void A_size_that_the_head_does_not_read_may_be_zero()
    {
        const string json = """{"architectures": ["PerceiverForMaskedLM"], "image_size": 0, "num_frames": -1}""";
        PerceiverConfig.FromJson(json).Validate();
        var image = PerceiverConfig.FromJson(json.Replace("ForMaskedLM", "ForImageClassificationLearned", StringComparison.Ordinal));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(image.Validate).Message, "image_size");
    }

    [TestMethod]
    public void A_number_of_labels_needs_no_names()
    {
        var config = Modules.TinyModels.Config.WithLabels(["ham", "spam"]).WithLabels(5);
        Assert.AreEqual(5, config.NumLabels);
        Assert.IsNull(config.IdToLabel);
        Assert.AreEqual("LABEL_4", config.LabelNames[4]);
        Assert.AreEqual(5, PerceiverConfig.FromJson(config.ToJson()).NumLabels);
        using var scope = torch.NewDisposeScope();
        using var model = new PerceiverForSequenceClassification(config);
        Assert.AreEqual(5, model.forward(Modules.TinyModels.Ids(1, 8)).Logits.shape[^1]);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => config.WithLabels(0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => config.WithLabels(int.MaxValue));
    }

    [TestMethod]
    [DataRow("""{"id2label": {"first": "a"}}""", "first")]
    [DataRow("""{"id2label": {"0": "\ud83d"}}""", "config.json")]
    [DataRow("""{"num_latents": NaNs}""", "config.json")]
    public void What_cannot_be_read_names_the_file(string json, string expected) =>
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => PerceiverConfig.FromJson(json)).Message, expected);
}
