using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Perceiver.Tests.Parity;

/// <summary>The names, shapes and types of the published checkpoints, on the meta device: no weight is allocated.</summary>
[TestClass]
public sealed class CheckpointKeysTests
{
    public static IEnumerable<object[]> Checkpoints => GoldenFolder.RowsOrNone(Files().Order(StringComparer.Ordinal).Select(f =>
        new object[] { Path.GetFileNameWithoutExtension(f) }));

    public static string NameOf(System.Reflection.MethodInfo method, object[] data) => (string)data[0];

    [TestMethod]
    [TestCategory("Parity")]
    [DynamicData(nameof(Checkpoints), DynamicDataDisplayName = nameof(NameOf))]
    public void Has_the_published_keys(string name)
    {
        GoldenFolder.SkipIfNone(name);
        using var document = JsonDocument.Parse(File.ReadAllText(GoldenFolder.PathOf("checkpoint_keys", name + ".json")));
        var root = document.RootElement;
        var config = PerceiverConfig.FromJson(
            root.TryGetProperty("config", out var c) ? JsonNode.Parse(c.GetRawText())!.ToJsonString() : "{}");
        string architecture = root.GetProperty("architecture").GetString()!;
        using var model = PerceiverModels.Create(config with { Architectures = [architecture] }, initialize: false);
        var expected = root.GetProperty("tensors").EnumerateObject().Select(t =>
        {
            var shape = t.Value.GetProperty("shape").EnumerateArray();
            return $"{t.Name} {t.Value.GetProperty("dtype").GetString()} [{string.Join(", ", shape)}]";
        });
        var state = model.state_dict();
        var actual = state.Select(t => $"{t.Key} {t.Value.dtype.ToString().ToLowerInvariant()} [{string.Join(", ", t.Value.shape)}]");
        CollectionAssert.AreEquivalent(expected.ToArray(), actual.ToArray());
        Assert.IsTrue(state.Values.All(t => t.is_meta), "a weight was allocated");
        Assert.AreEqual(root.GetProperty("parameters").GetInt64(), model.parameters().Sum(p => p.NumberOfElements));
    }

    private static string[] Files()
    {
        string folder = GoldenFolder.PathOf("checkpoint_keys");
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : [];
    }
}
