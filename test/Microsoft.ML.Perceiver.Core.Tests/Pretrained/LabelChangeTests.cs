using Microsoft.ML.Perceiver.Tests.Heads;
using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Pretrained;

/// <summary>The output layer of a checkpoint whose labels are in another order, or others.</summary>
[TestClass]
public sealed class LabelChangeTests
{
    private static readonly string[] Names = ["ham", "spam", "ü"];
    private static readonly PerceiverConfig Config = TinyModels.Config with
    {
        InitializerRange = 0.3,
        ProblemType = "single_label_classification",
    };

    public static IEnumerable<object[]> Heads =>
    [
        ["text", "perceiver.decoder.decoder.final_layer.weight"],
        ["tokens", "classifier.weight"],
        ["image", "perceiver.decoder.decoder.final_layer.weight"],
    ];

    [TestMethod]
    [DynamicData(nameof(Heads))]
    public void Labels_in_another_order_keep_their_scores(string head, string weight)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var folder = new TemporaryFolder();
        var (old, now, report) = Reload(head, folder, Config.WithLabels(Names), Config.WithLabels(["ü", "ham", "spam"]));
        Assert.AreEqual(PerceiverLabelChange.Reordered, report.LabelChange);
        Assert.IsEmpty(report.NewlyInitialized);
        CollectionAssert.Contains(report.Loaded.ToArray(), weight);
        var expected = Logits(old).index_select(-1, tensor(new long[] { 2, 0, 1 }));
        TinyModels.AssertSame(expected, Logits(now));
    }

    [TestMethod]
    [DynamicData(nameof(Heads))]
    public void Other_labels_have_an_output_layer_of_their_own(string head, string weight)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var (old, now, report) = Reload(head, folder, Config.WithLabels(Names), Config.WithLabels(["even", "odd", "ü"]));
        AssertReplaced(weight, old, now, report);
    }

    [TestMethod]
    [DynamicData(nameof(Heads))]
    public void Another_problem_has_an_output_layer_of_its_own(string head, string weight)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var config = Config.WithLabels(Names);
        var (old, now, report) = Reload(head, folder, config, config with { ProblemType = "multi_label_classification" });
        AssertReplaced(weight, old, now, report);
    }

    [TestMethod]
    [DynamicData(nameof(Heads))]
    public void The_same_labels_keep_the_output_layer(string head, string weight)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var (old, now, report) = Reload(head, folder, Config.WithLabels(Names), Config.WithLabels(Names));
        Assert.AreEqual(PerceiverLabelChange.None, report.LabelChange);
        Assert.AreEqual(0f, TinyModels.MaxDifference(old.state_dict()[weight], now.state_dict()[weight]));
    }

    [TestMethod]
    public void The_label_of_a_video_is_reordered()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var config = TinyVideos.Config with { InitializerRange = 0.3 };
        using var old = new PerceiverForMultimodalAutoencoding(config.WithLabels(["a", "b"]), seed: 4);
        old.SavePretrained(folder.Path);
        var (now, report) = PerceiverCheckpoint.FromDirectory(folder.Path).Load(
            c => new PerceiverForMultimodalAutoencoding(c, initialize: false), old.Config.WithLabels(["b", "a"]), newHead: true);
        const string weight = "perceiver.output_postprocessor.modalities.label.classifier.weight";
        Assert.AreEqual(PerceiverLabelChange.Reordered, report.LabelChange);
        Assert.AreEqual(0f, TinyModels.MaxDifference(old.state_dict()[weight].flip(0), now.state_dict()[weight]));
        now.Dispose();
    }

    [TestMethod]
    public void Default_names_are_names_like_others()
    {
        var unnamed = TinyModels.Config;
        var named = unnamed.WithLabels(["ham", "spam"]);
        Assert.AreEqual(PerceiverLabelChange.None, LabelRows.Between(unnamed, unnamed.WithLabels(["LABEL_0", "LABEL_1"])).Change);
        Assert.AreEqual(PerceiverLabelChange.Replaced, LabelRows.Between(unnamed, named).Change);
        Assert.AreEqual(PerceiverLabelChange.Replaced, LabelRows.Between(named, unnamed).Change);
        Assert.AreEqual(PerceiverLabelChange.Replaced, LabelRows.Between(named, unnamed.WithLabels(["ham", "spam", "more"])).Change);
    }

    [TestMethod]
    public void Two_labels_of_one_name_cannot_be_told_apart()
    {
        var twice = TinyModels.Config with { IdToLabel = new Dictionary<int, string> { [0] = "a", [1] = "a" } };
        Assert.AreEqual(PerceiverLabelChange.None, LabelRows.Between(twice, twice).Change);
        Assert.AreEqual(PerceiverLabelChange.Replaced, LabelRows.Between(twice, TinyModels.Config.WithLabels(["a", "b"])).Change);
    }

    [TestMethod]
    public void Without_a_new_head_names_are_only_names()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var old = Create("text", Config.WithLabels(Names), initialize: true);
        old.SavePretrained(folder.Path);
        var (now, report) = PerceiverCheckpoint.FromDirectory(folder.Path).Load(
            c => Create("text", c, initialize: false), Config.WithLabels(["spam", "ham", "x"]));
        Assert.AreEqual(PerceiverLabelChange.None, report.LabelChange);
        Assert.IsTrue(old.state_dict().All(p => TinyModels.MaxDifference(p.Value, now.state_dict()[p.Key]) == 0));
        now.Dispose();
    }

    private static void AssertReplaced(
        string weight, PerceiverPreTrainedModel old, PerceiverPreTrainedModel now, PerceiverCheckpointReport report)
    {
        Assert.AreEqual(PerceiverLabelChange.Replaced, report.LabelChange);
        string bias = weight.Replace("weight", "bias", StringComparison.Ordinal);
        CollectionAssert.AreEquivalent(new[] { weight, bias }, report.NewlyInitialized.ToArray());
        Assert.IsGreaterThan(0f, TinyModels.MaxDifference(old.state_dict()[weight], now.state_dict()[weight]));
        Assert.IsTrue(now.parameters().All(p => !p.is_meta));
    }

    private static (PerceiverPreTrainedModel Old, PerceiverPreTrainedModel Now, PerceiverCheckpointReport Report) Reload(
        string head, TemporaryFolder folder, PerceiverConfig from, PerceiverConfig to)
    {
        var old = Create(head, from, initialize: true);
        old.SavePretrained(folder.Path);
        var (now, report) = PerceiverCheckpoint.FromDirectory(folder.Path).Load(
            c => Create(head, c, initialize: false), to, newHead: true, seed: 9);
        return (old, now, report);
    }

    private static PerceiverPreTrainedModel Create(string head, PerceiverConfig config, bool initialize) => head switch
    {
        "text" => new PerceiverForSequenceClassification(config, initialize, seed: 4),
        "tokens" => new PerceiverForTokenClassification(config, initialize, seed: 4),
        _ => new PerceiverForImageClassificationConvProcessing(
            config with { ImageSize = 16, NumCrossAttentionHeads = 1 }, initialize, seed: 4),
    };

    private static Tensor Logits(PerceiverPreTrainedModel model) => model switch
    {
        PerceiverForSequenceClassification text => text.forward(TinyModels.Ids(2, 12)).Logits,
        PerceiverForTokenClassification tokens => tokens.forward(TinyModels.Ids(2, 12), zeros(2, 12, int64)).Logits,
        _ => ((PerceiverForImageClassificationConvProcessing)model).forward(TinyModels.Normal(1, 2, 3, 16, 16)).Logits,
    };
}
