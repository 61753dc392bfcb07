using System.Globalization;
using Google.Protobuf;
using Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// An ONNX model that is built node by node and written as a folder. The weights lie in a file of their own (external data, as ONNX calls
/// it), into which they are written one by one: no second copy of all of them is needed.
/// </summary>
internal sealed class OnnxGraph : IDisposable
{
    /// <summary>The name of the model's file in its folder.</summary>
    internal const string FileName = "model.onnx";

    /// <summary>The domain of ONNX Runtime's own operators.</summary>
    internal const string RuntimeDomain = "com.microsoft";

    private const string WeightsName = "weights.bin";
    private const int OperatorSet = 20, RuntimeOperatorSet = 1, IrVersion = 10;

    // ONNX Runtime maps weights that begin at a page.
    private const int Alignment = 4096;

    // Shapes are computed from small constants, which must lie in the model itself for that.
    private const int LeastExternalBytes = 1024;

    private readonly GraphProto _graph = new() { Name = "perceiver" };
    private readonly string _folder;
    private readonly FileStream _weights;

    internal OnnxGraph(string folder)
    {
        _folder = folder;
        _weights = File.Create(Path.Combine(folder, WeightsName));
    }

    /// <summary>Declares an input of integers.</summary>
    internal string Input(string name, params long[] shape)
    {
        _graph.Input.Add(Value(name, TensorProto.Types.DataType.Int64, shape));
        return name;
    }

    /// <summary>Gives a value the name of an output of floats.</summary>
    internal void Output(string name, string value, params long[] shape)
    {
        var node = new NodeProto { OpType = "Identity", Name = name };
        node.Input.Add(value);
        node.Output.Add(name);
        _graph.Node.Add(node);
        _graph.Output.Add(Value(name, TensorProto.Types.DataType.Float, shape));
    }

    /// <summary>Adds a node of ONNX's own operators.</summary>
    /// <returns>The name of its output.</returns>
    internal string Node(string type, params string[] inputs) => Node(type, inputs, []);

    /// <summary>Adds a node with attributes.</summary>
    /// <param name="type">The operator.</param>
    /// <param name="inputs">The names of its inputs; empty for one that is left out.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="domain">The operator's domain; empty for ONNX's own.</param>
    /// <returns>The name of its output.</returns>
    internal string Node(string type, string[] inputs, AttributeProto[] attributes, string domain = "")
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{type}_{_graph.Node.Count}");
        var node = new NodeProto { OpType = type, Domain = domain, Name = name };
        node.Input.AddRange(inputs);
        node.Output.Add(name);
        node.Attribute.AddRange(attributes);
        _graph.Node.Add(node);
        return name;
    }

    internal static AttributeProto Attribute(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    internal static AttributeProto Attribute(string name, float value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    internal static AttributeProto Attribute(string name, long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    /// <summary>Adds a constant: weights, or a shape.</summary>
    /// <returns>Its name.</returns>
    internal string Constant(string name, Tensor value)
    {
        using var scope = NewDisposeScope();
        var bytes = value.contiguous().bytes;
        var constant = new TensorProto { Name = name, DataType = (int)TypeOf(value.dtype) };
        constant.Dims.AddRange(value.shape);
        if (bytes.Length < LeastExternalBytes)
            constant.RawData = ByteString.CopyFrom(bytes);
        else
            WriteExternal(constant, bytes);
        _graph.Initializer.Add(constant);
        return name;
    }

    /// <summary>Writes the model.</summary>
    internal void Save()
    {
        _weights.Flush();
        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "Microsoft.ML.Perceiver", Graph = _graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = OperatorSet });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = RuntimeDomain, Version = RuntimeOperatorSet });
        using var file = File.Create(Path.Combine(_folder, FileName));
        model.WriteTo(file);
    }

    public void Dispose() => _weights.Dispose();

    private void WriteExternal(TensorProto constant, ReadOnlySpan<byte> bytes)
    {
        _weights.Position = (_weights.Length + Alignment - 1) / Alignment * Alignment;
        constant.DataLocation = TensorProto.Types.DataLocation.External;
        (string Key, string Value)[] place =
        [
            ("location", WeightsName),
            ("offset", _weights.Position.ToString(CultureInfo.InvariantCulture)),
            ("length", bytes.Length.ToString(CultureInfo.InvariantCulture)),
        ];
        constant.ExternalData.AddRange(place.Select(p => new StringStringEntryProto { Key = p.Key, Value = p.Value }));
        _weights.Write(bytes);
    }

    private static TensorProto.Types.DataType TypeOf(ScalarType type) => type switch
    {
        ScalarType.Float32 => TensorProto.Types.DataType.Float,
        ScalarType.Int64 => TensorProto.Types.DataType.Int64,
        ScalarType.Int8 => TensorProto.Types.DataType.Int8,
        _ => throw new ArgumentException($"There are no constants of {type}.", nameof(type)),
    };

    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, long[] shape)
    {
        var dimensions = new TensorShapeProto();
        dimensions.Dim.AddRange(shape.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dimensions };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
