using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Perceiver.Tests.Config;

[TestClass]
public sealed class PerceiverConfigTests
{
    [TestMethod]
    public void An_empty_file_gives_the_documented_defaults()
    {
        var config = PerceiverConfig.FromJson("{}");
        Assert.AreEqual(
            new PerceiverConfig { OtherKeys = config.OtherKeys, TrainSize = config.TrainSize, OutputShape = config.OutputShape }, config);
        Assert.AreEqual(256, config.NumLatents);
        Assert.AreEqual(2, config.NumLabels);
        CollectionAssert.AreEqual(new[] { 368, 496 }, config.TrainSize.ToArray());
    }

    [TestMethod]
    public void Every_golden_configuration_is_written_back_as_it_was()
    {
        foreach (string file in Directory.EnumerateFiles(GoldenFolder.BundledPathOf("models"), "config.json", SearchOption.AllDirectories))
        {
            var expected = JsonNode.Parse(File.ReadAllText(file));
            var actual = JsonNode.Parse(PerceiverConfig.FromFile(file).ToJson());
            Assert.IsTrue(JsonNode.DeepEquals(expected, actual), $"{file}: {actual}");
        }
    }

    [TestMethod]
    public void Unknown_keys_are_kept()
    {
        var config = PerceiverConfig.FromJson("""{"seq_len": 2048, "nested": {"a": [1, 2]}, "num_latents": 5}""");
        var written = JsonNode.Parse(config.ToJson())!;
        Assert.AreEqual(2048, (int)written["seq_len"]!);
        Assert.AreEqual("[1,2]", written["nested"]!["a"]!.ToJsonString());
        Assert.AreEqual(5, (int)written["num_latents"]!);
    }

    [TestMethod]
    public void The_number_of_labels_follows_from_their_names()
    {
        Assert.AreEqual(3, PerceiverConfig.FromJson("""{"id2label": {"0": "a", "1": "b", "2": "c"}, "num_labels": 7}""").NumLabels);
        Assert.AreEqual(7, PerceiverConfig.FromJson("""{"num_labels": 7}""").NumLabels);
        var named = PerceiverConfig.FromJson("""{"num_labels": 7}""").WithLabels(["ham", "spam"]);
        Assert.AreEqual(2, named.NumLabels);
        Assert.AreEqual(1, named.LabelToId!["spam"]);
        CollectionAssert.AreEqual(new[] { "ham", "spam" }, PerceiverConfig.FromJson(named.ToJson()).LabelNames.ToArray());
    }

    [TestMethod]
    [DataRow("{")]
    [DataRow("[]")]
    [DataRow("null")]
    [DataRow("""{"num_latents": "many"}""")]
    [DataRow("""{"num_latents": 1.5}""")]
    [DataRow("""{"model_type": "bert"}""")]
    [DataRow("""{"train_size": null}""")]
    public void A_damaged_file_is_a_format_error(string json) => Assert.ThrowsExactly<FormatException>(() =>
        PerceiverConfig.FromJson(json));

    [TestMethod]
    public void A_missing_file_is_named()
    {
        var e = Assert.ThrowsExactly<FileNotFoundException>(
            () => PerceiverConfig.FromFile(Path.Combine(Path.GetTempPath(), "no-such-folder", "config.json")));
        StringAssert.Contains(e.Message, "no-such-folder");
    }

    [TestMethod]
    [DataRow("""{"num_latents": 0}""", "num_latents")]
    [DataRow("""{"d_latents": 10, "num_self_attention_heads": 4}""", "num_self_attention_heads")]
    [DataRow("""{"d_latents": 12, "num_self_attention_heads": 4, "num_cross_attention_heads": 5}""", "num_cross_attention_heads")]
    [DataRow("""{"hidden_act": "swoosh"}""", "hidden_act")]
    [DataRow("""{"cross_attention_shape_for_attention": "v"}""", "cross_attention_shape_for_attention")]
    [DataRow("""{"qk_channels": 64}""", "v_channels")]
    public void Numbers_that_do_not_fit_are_refused_by_name(string json, string key)
    {
        var e = Assert.ThrowsExactly<ArgumentException>(
            () => new PerceiverModel(PerceiverConfig.FromJson(json), initialize: false).Dispose());
        StringAssert.Contains(e.Message, key);
    }

    [TestMethod]
    public void Numbers_of_a_program_are_not_replaced_by_defaults()
    {
        foreach (double dropout in new[] { -0.1, 1.1, double.NaN })
            Assert.ThrowsExactly<ArgumentException>(() => new PerceiverConfig { AttentionDropout = dropout }.Validate());
        foreach (double range in new[] { 0, double.NaN, double.PositiveInfinity })
            Assert.ThrowsExactly<ArgumentException>(() => new PerceiverConfig { InitializerRange = range }.Validate());
    }

    [TestMethod]
    public void A_label_twice_is_refused() =>
        Assert.ThrowsExactly<ArgumentException>(() => new PerceiverConfig().WithLabels(["a", "b", "a"]));

    [TestMethod]
    public void Keys_are_written_in_order()
    {
        using var written = JsonDocument.Parse(new PerceiverConfig().ToJson());
        string[] keys = written.RootElement.EnumerateObject().Select(p => p.Name).ToArray();
        CollectionAssert.AreEqual(keys.Order(StringComparer.Ordinal).ToArray(), keys);
    }
}
