using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The graphs of a model: one, or several where a client runs parts of the model by themselves.</summary>
/// <param name="form">Which of several forms the graphs have.</param>
/// <param name="names">The names of the model's parameters.</param>
internal sealed class OnnxExport(OnnxForm form, IReadOnlyDictionary<Tensor, string>? names = null) : IDisposable
{
    /// <summary>What the file of an encoder alone is called besides the model's name.</summary>
    internal const string Encoder = "encoder";

    /// <summary>What the file of a decoder alone is called besides the model's name.</summary>
    internal const string Decoder = "decoder";

    private readonly List<(string Part, OnnxBuilder Graph)> _graphs = [];

    internal OnnxForm Form => form;

    /// <summary>As <see cref="OnnxBuilder.Images"/>, of each graph.</summary>
    internal Func<OnnxBuilder, OnnxExtents, OnnxValue>? Images { get; init; }

    /// <summary>The names of the labels in the order of the logits; null for a model without labels.</summary>
    internal IReadOnlyList<string>? Labels { get; set; }

    /// <summary>The graphs, each with the name of its part, which is empty for a whole model.</summary>
    internal IReadOnlyList<(string Part, OnnxBuilder Graph)> Graphs => _graphs;

    /// <summary>Adds a graph.</summary>
    /// <param name="part">The name of its part; empty for a whole model.</param>
    internal OnnxBuilder NewGraph(string part = "")
    {
        var graph = new OnnxBuilder(form, names) { Images = Images };
        _graphs.Add((part, graph));
        return graph;
    }

    /// <summary>Releases the tensors that were made for the graphs alone.</summary>
    public void Dispose() => _graphs.ForEach(g => g.Graph.Dispose());
}
