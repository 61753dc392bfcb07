using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Parity;

/// <summary>Every case of the golden folder, built from its files alone and compared with the reference's results.</summary>
[TestClass]
public sealed class ModelParityTests
{
    public static IEnumerable<object[]> Cases => GoldenCase.Ids().Select(id => new object[] { id });

    public static string NameOf(System.Reflection.MethodInfo method, object[] data) => (string)data[0];

    [TestMethod]
    [TestCategory("Parity")]
    [DynamicData(nameof(Cases), DynamicDataDisplayName = nameof(NameOf))]
    public void Equals_the_reference(string id)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenCase.Open(id);
        try
        {
            if (golden.Json.GetProperty("kind").GetString() == "module")
                ModuleCaseRunner.Run(golden);
            else
                ModelCaseRunner.Run(golden);
        }
        catch (UnknownPartException e)
        {
            Assert.Inconclusive($"{id}: {e.Message}");
        }
    }

    [TestMethod]
    [TestCategory("Parity")]
    public void The_golden_folder_is_not_empty() => Assert.IsNotEmpty(GoldenCase.Ids().ToArray(), $"no cases in '{GoldenFolder.Root}'");

    [TestMethod]
    [TestCategory("Parity")]
    public void The_index_lists_no_case_that_is_not_there()
    {
        using var index = JsonDocument.Parse(File.ReadAllText(GoldenFolder.PathOf("index.json")));
        var listed = index.RootElement.GetProperty("models").EnumerateArray().Select(m => m.GetProperty("id").GetString());
        CollectionAssert.AreEqual(Array.Empty<string>(), listed.Except(GoldenCase.Ids()).ToArray());
    }
}
