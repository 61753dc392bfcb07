using Microsoft.ML.Perceiver.Tests;
using Microsoft.ML.Perceiver.Tests.Parity;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Onnx.Tests.Golden;

/// <summary>Every case of the golden folder, built from its files alone and run by ONNX Runtime.</summary>
[TestClass]
public sealed class GoldenOnnxTests
{
    public static IEnumerable<object[]> Cases => GoldenFolder.RowsOrNone(GoldenCase.Ids().Select(id => new object[] { id }));

    /// <summary>The heads, which have all operators between them.</summary>
    public static IEnumerable<object[]> Heads => GoldenFolder.RowsOrNone(
        GoldenCase.Ids().Where(id => PerceiverModels.Architectures.Contains(GoldenCase.Open(id).Class)).Select(id => new object[] { id }));

    public static string NameOf(System.Reflection.MethodInfo method, object[] data) => (string)data[0];

    [TestMethod]
    [TestCategory("Parity")]
    [DynamicData(nameof(Cases), DynamicDataDisplayName = nameof(NameOf))]
    public void Equals_the_reference(string id) => Run(id, new PerceiverOnnxOptions());

    [TestMethod]
    [TestCategory("Parity")]
    [DynamicData(nameof(Cases), DynamicDataDisplayName = nameof(NameOf))]
    public void Equals_the_reference_with_opset_17(string id) => Run(id, new PerceiverOnnxOptions { Opset = 17 });

    [TestMethod]
    [TestCategory("Parity")]
    [DynamicData(nameof(Heads), DynamicDataDisplayName = nameof(NameOf))]
    public void Equals_the_reference_with_fused_attention(string id) => Run(id, new PerceiverOnnxOptions { FusedAttention = true });

    private static void Run(string id, PerceiverOnnxOptions options)
    {
        GoldenFolder.SkipIfNone(id);
        using var scope = NewDisposeScope();
        var golden = GoldenCase.Open(id);
        try
        {
            if (golden.Json.TryGetProperty("kind", out var kind) && kind.GetString() == "module")
                ModuleCase.Run(golden, new OnnxForm(options.Opset) { FusedAttention = options.FusedAttention == true });
            else
                ModelCase.Run(golden, options);
        }
        catch (UnknownPartException e)
        {
            Assert.Inconclusive($"{id}: {e.Message}");
        }
    }
}
