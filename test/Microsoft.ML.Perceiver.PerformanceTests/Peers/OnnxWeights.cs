using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>A checkpoint's weights as constants of an ONNX graph, and the maps that have them.</summary>
/// <param name="graph">The graph.</param>
/// <param name="checkpoint">The weights, by the names of the reference.</param>
/// <param name="isInt8">
/// Whether the affine maps multiply 8-bit integers: weights rounded by output channel beforehand, activations by tensor in every call.
/// </param>
internal sealed class OnnxWeights(OnnxGraph graph, SafeTensorsFile checkpoint, bool isInt8)
{
    // That of torch's layer norm, which the reference leaves as it is.
    private const float NormEpsilon = 1e-5f;

    // Without VNNI two products are added up in 16 bits, which must not overflow; ONNX Runtime's documentation advises seven bits there.
    private static readonly int Largest = ProcessorFeatures.HasAvx512Vnni ? 127 : 63;

    /// <summary>A weight as it is.</summary>
    internal Tensor Read(string name) => checkpoint.Get(name);

    /// <summary>A weight as a constant.</summary>
    internal string Constant(string name)
    {
        using var scope = NewDisposeScope();
        return graph.Constant(name, Read(name));
    }

    /// <summary>An affine map.</summary>
    internal string Linear(string input, string name)
    {
        using var scope = NewDisposeScope();
        var weight = Read($"{name}.weight");
        string bias = Constant($"{name}.bias");
        if (!isInt8)
            return graph.Node("Add", graph.Node("MatMul", input, graph.Constant($"{name}.weight", weight.t())), bias);

        var scale = weight.abs().amax([1L]).div(Largest).clamp_min(float.Epsilon);
        var rounded = weight.div(scale.unsqueeze(1)).round().clamp(-Largest, Largest).to(ScalarType.Int8);
        string[] inputs =
        [
            input, graph.Constant($"{name}.weight", rounded.t()), graph.Constant($"{name}.scale", scale),
            // The zero point, which is 0.
            "",
            bias,
        ];
        return graph.Node("DynamicQuantizeMatMul", inputs, [], OnnxGraph.RuntimeDomain);
    }

    /// <summary>A layer norm.</summary>
    internal string Norm(string input, string name) => graph.Node(
        "LayerNormalization",
        [input, Constant($"{name}.weight"), Constant($"{name}.bias")],
        [OnnxGraph.Attribute("axis", -1L), OnnxGraph.Attribute("epsilon", NormEpsilon)]);
}
