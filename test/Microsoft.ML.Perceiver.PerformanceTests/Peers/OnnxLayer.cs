using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>A layer of a Perceiver in an ONNX graph: attention, then the feed-forward part.</summary>
/// <param name="Name">The name that its weights begin with.</param>
/// <param name="Heads">Heads of its attention.</param>
/// <param name="KeyChannels">Width of queries and keys.</param>
/// <param name="ValueChannels">Width of values.</param>
internal sealed record OnnxLayer(string Name, int Heads, int KeyChannels, int ValueChannels)
{
    /// <summary>Adds the layer's nodes.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="hidden">What queries are computed from, <c>[1, rows, channels]</c>.</param>
    /// <param name="inputs">What keys and values are computed from; null for <paramref name="hidden"/>.</param>
    /// <param name="isResidual">Whether <paramref name="hidden"/> is added to the attention's output.</param>
    /// <returns>The output, shaped as <paramref name="hidden"/>.</returns>
    internal string Add(OnnxGraph graph, OnnxWeights weights, string hidden, string? inputs, bool isResidual)
    {
        string self = $"{Name}.attention.self";
        string normed = weights.Norm(hidden, $"{self}.layernorm1");
        string source = inputs is null ? normed : weights.Norm(inputs, $"{self}.layernorm2");
        string attended = Attend(
            graph,
            weights.Linear(normed, $"{self}.query"),
            weights.Linear(source, $"{self}.key"),
            weights.Linear(source, $"{self}.value"));
        string output = weights.Linear(attended, $"{Name}.attention.output.dense");
        if (isResidual)
            output = graph.Node("Add", output, hidden);
        string widened = weights.Linear(weights.Norm(output, $"{Name}.layernorm"), $"{Name}.mlp.dense1");
        return graph.Node("Add", weights.Linear(graph.Node("Gelu", widened), $"{Name}.mlp.dense2"), output);
    }

    private string Attend(OnnxGraph graph, string queries, string keys, string values)
    {
        using var scope = NewDisposeScope();
        string scale = graph.Constant($"{Name}.scale", tensor(1 / MathF.Sqrt(KeyChannels / Heads)));
        string query = graph.Node("Mul", Split(graph, queries, KeyChannels, 0, 2, 1, 3), scale);
        string scores = graph.Node("MatMul", query, Split(graph, keys, KeyChannels, 0, 2, 3, 1));
        string probabilities = graph.Node("Softmax", [scores], [OnnxGraph.Attribute("axis", -1L)]);
        string product = graph.Node("MatMul", probabilities, Split(graph, values, ValueChannels, 0, 2, 1, 3));
        string rows = graph.Node("Transpose", [product], [OnnxGraph.Attribute("perm", [0, 2, 1, 3])]);
        return Reshape(graph, rows, 0, -1, ValueChannels);
    }

    private string Split(OnnxGraph graph, string rows, int channels, params long[] order) => graph.Node(
        "Transpose", [Reshape(graph, rows, 0, -1, Heads, channels / Heads)], [OnnxGraph.Attribute("perm", order)]);

    // ONNX copies a size where it is 0 and computes it where it is -1.
    private static string Reshape(OnnxGraph graph, string rows, params long[] shape)
    {
        using var scope = NewDisposeScope();
        return graph.Node("Reshape", rows, graph.Constant($"{rows}.shape", tensor(shape)));
    }
}
