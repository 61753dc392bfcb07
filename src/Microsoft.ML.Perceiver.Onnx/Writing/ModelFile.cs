using System.Globalization;
using static Microsoft.ML.Perceiver.OnnxFields;

namespace Microsoft.ML.Perceiver;

/// <summary>A graph as the bytes of a file. Weights are read and written one after the other.</summary>
internal sealed class ModelFile
{
    /// <summary>What a protobuf message can hold, and so an ONNX file with all of its weights.</summary>
    internal const long LargestLength = int.MaxValue;

    // Operators take shapes and the like from the graph itself. So small constants, and that is what they are, stay in it.
    private const long LeastExternalLength = 1024;

    // Pages of memory, so that a file can be mapped.
    private const long Alignment = 4096;

    private readonly OnnxBuilder _graph;
    private readonly ProtoMessage _before = new(), _graphBody, _after = new();
    private readonly List<(ProtoMessage Head, OnnxInitializer? Inline)> _tensors = [];
    private readonly List<(OnnxInitializer Initializer, long Offset)> _external = [];

    /// <summary>Plans the file.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">Its name.</param>
    /// <param name="externalName">The name of the file of its weights; null to have them in the graph's.</param>
    /// <param name="metadata">Texts about the model by their names; null for none.</param>
    internal ModelFile(OnnxBuilder graph, string name, string? externalName, IReadOnlyList<(string Key, string Value)>? metadata = null)
    {
        _graph = graph;
        _graphBody = GraphMessages.Graph(graph, name);
        foreach (var initializer in graph.Initializers)
            Add(initializer, externalName);
        string version = typeof(ModelFile).Assembly.GetName().Version!.ToString();
        _before.Number(ModelIrVersion, IrVersion(graph.Form.Opset)).Text(ModelProducer, "Microsoft.ML.Perceiver")
            .Text(ModelProducerVersion, version).Head(ModelGraph, GraphLength);
        _after.Message(ModelOpsets, new ProtoMessage().Text(OpsetDomain, "").Number(OpsetVersion, graph.Form.Opset));
        foreach (var (domain, of) in OnnxOperators.OtherDomains.Where(d => graph.Nodes.Any(n => n.Domain == d.Domain)))
            _after.Message(ModelOpsets, new ProtoMessage().Text(OpsetDomain, domain).Number(OpsetVersion, of));
        foreach (var (key, value) in metadata ?? [])
            _after.Message(ModelMetadata, GraphMessages.Entry(key, value));
    }

    /// <summary>Bytes of the graph's file.</summary>
    internal long Length => _before.Length + GraphLength + _after.Length;

    /// <summary>Writes the graph, with those weights that are in it.</summary>
    internal void WriteGraph(Stream stream)
    {
        _before.WriteTo(stream);
        _graphBody.WriteTo(stream);
        foreach (var (head, inline) in _tensors)
        {
            long length = head.Length + (inline?.Length ?? 0);
            new ProtoMessage().Head(GraphInitializers, length).WriteTo(stream);
            head.WriteTo(stream);
            if (inline is not null)
                InitializerBytes.Write(stream, inline);
        }

        _after.WriteTo(stream);
    }

    /// <summary>Writes the weights that are beside the graph.</summary>
    internal void WriteExternal(Stream stream)
    {
        foreach (var (initializer, offset) in _external)
        {
            stream.Write(new byte[offset - stream.Position]);
            InitializerBytes.Write(stream, initializer);
        }
    }

    private long GraphLength => _graphBody.Length + _tensors.Sum(t =>
    {
        long length = t.Head.Length + (t.Inline?.Length ?? 0);
        return new ProtoMessage().Head(GraphInitializers, length).Length + length;
    });

    private void Add(OnnxInitializer initializer, string? externalName)
    {
        var head = GraphMessages.Tensor(initializer.Value);
        if (externalName is null || initializer.Length < LeastExternalLength)
        {
            _tensors.Add((head.Head(TensorRawData, initializer.Length), initializer));
            return;
        }

        long end = _external.Count == 0 ? 0 : _external[^1].Offset + _external[^1].Initializer.Length;
        long offset = (end + Alignment - 1) / Alignment * Alignment;
        _external.Add((initializer, offset));
        (string Key, string Value)[] place =
        [
            ("location", externalName),
            ("offset", offset.ToString(CultureInfo.InvariantCulture)),
            ("length", initializer.Length.ToString(CultureInfo.InvariantCulture)),
        ];
        foreach (var (key, value) in place)
            head.Message(TensorExternal, GraphMessages.Entry(key, value));
        _tensors.Add((head.Number(TensorLocation, ExternalLocation), null));
    }

    // The version of the file format that came with an operator set.
    private static int IrVersion(int opset) => opset switch
    {
        <= 14 => 7,
        <= 18 => 8,
        _ => 9,
    };
}
