using System.Reflection;
using Microsoft.ML.Perceiver.Onnx.Tests.Golden;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Onnx.Tests.Graphs;

/// <summary>Every activation that a configuration can name has the same numbers in a graph.</summary>
[TestClass]
public sealed class ActivationNodeTests
{
    public static IEnumerable<object[]> Names =>
        ((Dictionary<string, Func<Tensor, Tensor>>)typeof(Activations)
            .GetField("ByName", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!)
        .Keys.Order(StringComparer.Ordinal).Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Equals_the_function(string name)
    {
        using var scope = NewDisposeScope();
        var x = linspace(-12, 12, 97, ScalarType.Float32).unsqueeze(0);
        foreach (int opset in new[] { 17, 20 })
        {
            using var folder = new TemporaryFolder();
            using var export = new OnnxExport(new OnnxForm(opset));
            var graph = export.NewGraph();
            var input = graph.Input("x", OnnxElement.Float, 1, 97);
            graph.Output("y", ActivationNodes.Apply(graph, new PerceiverConfig { HiddenActivation = name }, input));
            new OnnxFiles(folder["f.onnx"], "f", externalData: null).Write(export.Graphs);
            using var session = new OnnxSession(folder["f.onnx"]);
            var y = session.Run(new Dictionary<string, Tensor> { ["x"] = x })["y"];
            OnnxTolerance.AssertClose(Activations.Find(name)(x), y, $"{name} of opset {opset}");
        }
    }

    [TestMethod]
    public void An_activation_given_as_code_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForMaskedLM(Exported.Config with { HiddenActivationFunction = x => x.sin() });
        var error = Assert.ThrowsExactly<NotSupportedException>(() => PerceiverOnnx.Export(model, folder["model.onnx"]));
        Assert.Contains(nameof(PerceiverConfig.HiddenActivationFunction), error.Message);
    }
}
