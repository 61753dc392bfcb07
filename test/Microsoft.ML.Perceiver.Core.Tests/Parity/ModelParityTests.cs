using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Parity;

/// <summary>Every case of the golden folder, built from its files alone and compared with the reference's results.</summary>
[TestClass]
public sealed class ModelParityTests
{
    public static IEnumerable<object[]> Cases => GoldenFolder.RowsOrNone(GoldenCase.Ids().Select(id => new object[] { id }));

    public static string NameOf(System.Reflection.MethodInfo method, object[] data) => (string)data[0];

    [TestMethod]
    [TestCategory("Parity")]
    [DynamicData(nameof(Cases), DynamicDataDisplayName = nameof(NameOf))]
    public void Equals_the_reference(string id)
    {
        GoldenFolder.SkipIfNone(id);
        using var scope = NewDisposeScope();
        var golden = GoldenCase.Open(id);
        try
        {
            golden.Run();
        }
        catch (UnknownPartException e)
        {
            Assert.Inconclusive($"{id}: {e.Message}");
        }
    }

    [TestMethod]
    [TestCategory("Parity")]
    public void Every_case_of_the_index_is_there()
    {
        string path = GoldenFolder.PathOf("index.json");
        if (!File.Exists(path))
            Assert.Inconclusive($"'{GoldenFolder.Root}' has no index.json.");
        using var index = JsonDocument.Parse(File.ReadAllText(path));
        var listed = index.RootElement.GetProperty("models").EnumerateArray().Select(m => m.GetProperty("id").GetString()).ToArray();
        Assert.IsNotEmpty(listed);
        CollectionAssert.AreEqual(Array.Empty<string>(), listed.Except(GoldenCase.Ids()).ToArray());
    }
}
