using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Perceiver.Tests.Checkpoints;

[TestClass]
public sealed class PublishedCheckpointTests
{
    [TestMethod]
    public void The_six_have_their_true_configurations()
    {
        Assert.HasCount(6, PerceiverPublishedCheckpoints.All);
        foreach (var checkpoint in PerceiverPublishedCheckpoints.All)
        {
            using var golden = Golden(checkpoint);
            var expected = PerceiverConfig.FromJson(golden.RootElement.GetProperty("config").GetRawText()) with
            {
                Architectures = [golden.RootElement.GetProperty("architecture").GetString()!],
            };
            Assert.AreEqual(expected.ToJson(), checkpoint.Config.ToJson(), checkpoint.Id);
            Assert.AreEqual(golden.RootElement.GetProperty("parameters").GetInt64(), checkpoint.Parameters, checkpoint.Id);
            using var model = PerceiverModels.Create(checkpoint.Config, initialize: false);
            Assert.AreEqual(checkpoint.Parameters, model.parameters().Sum(p => p.NumberOfElements), checkpoint.Id);
        }
    }

    [TestMethod]
    public void Old_configurations_with_stray_and_missing_keys_give_the_same_model()
    {
        foreach (var checkpoint in PerceiverPublishedCheckpoints.All)
        {
            using var golden = Golden(checkpoint);
            var old = JsonNode.Parse(golden.RootElement.GetProperty("config").GetRawText())!.AsObject();
            int labels = checkpoint.Config.NumLabels;
            old.Remove("num_labels");
            if (labels != 2)
            {
                old["id2label"] = new JsonObject(
                    Enumerable.Range(0, labels).Select(
                        i => KeyValuePair.Create(i.ToString(System.Globalization.CultureInfo.InvariantCulture), (JsonNode?)$"label {i}")));
            }

            old["hidden_dropout_prob"] = 0.1;
            old["seq_len"] = 2048;
            old["position_embedding_init_scale"] = 0.02;
            old["model_type"] = "perceiver";
            var config = PerceiverConfig.FromJson(old.ToJsonString());
            Assert.AreEqual(labels, config.NumLabels, checkpoint.Id);
            Assert.AreEqual(512, config.OutputNumChannels);
            Assert.AreEqual(1024, config.LabelTrainableNumChannels);
            Assert.Contains("\"seq_len\": 2048", config.ToJson());
            using var model = PerceiverModels.Create(config with { Architectures = checkpoint.Config.Architectures }, initialize: false);
            Assert.AreEqual(checkpoint.Parameters, model.parameters().Sum(p => p.NumberOfElements), checkpoint.Id);
        }
    }

    private static JsonDocument Golden(PerceiverPublishedCheckpoint checkpoint) =>
        JsonDocument.Parse(File.ReadAllText(GoldenFolder.BundledPathOf("checkpoint_keys", Path.GetFileName(checkpoint.Id) + ".json")));
}
