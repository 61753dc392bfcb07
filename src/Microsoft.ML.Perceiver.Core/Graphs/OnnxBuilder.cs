using System.Globalization;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Makes a graph of ONNX operators. Values know their type and extents, and every operator checks them where it is added, so that what does
/// not fit is seen beside the code that is wrong. Weights stay where they are until the graph is written.
/// </summary>
/// <param name="form">Which of several forms the graph has.</param>
/// <param name="names">The names of the model's parameters, which their constants get too.</param>
internal sealed partial class OnnxBuilder(OnnxForm form, IReadOnlyDictionary<Tensor, string>? names = null) : IDisposable
{
    private readonly List<OnnxNode> _nodes = [];
    private readonly List<OnnxValue> _inputs = [], _outputs = [];
    private readonly HashSet<OnnxValue> _computed = new(ReferenceEqualityComparer.Instance);

    internal OnnxForm Form => form;

    /// <summary>
    /// Adds the input of images as they are, and what makes pixels [batch, 3, height, width] of them, for a graph that takes such images;
    /// null for a graph that takes pixels.
    /// </summary>
    internal Func<OnnxBuilder, OnnxExtents, OnnxValue>? Images { get; init; }

    internal IReadOnlyList<OnnxNode> Nodes => _nodes;

    internal IReadOnlyList<OnnxValue> Inputs => _inputs;

    internal IReadOnlyList<OnnxValue> Outputs => _outputs;

    internal IReadOnlyList<OnnxInitializer> Initializers => _initializers;

    /// <summary>Adds an input of the graph.</summary>
    internal OnnxValue Input(string name, OnnxElement element, params IReadOnlyList<OnnxDimension> shape)
    {
        if (_inputs.Any(i => i.Name == name))
            throw new ArgumentException($"There are two inputs of the name '{name}'.", nameof(name));
        var value = new OnnxValue(name, element, shape);
        _inputs.Add(value);
        for (int axis = 0; axis < shape.Count; axis++)
        {
            if (shape[axis] is { Factor: 1, Name: { } size })
                _sizes.TryAdd(size, SizeOfAxis(value, axis));
        }

        return value;
    }

    /// <summary>Makes a value an output of the graph.</summary>
    internal void Output(string name, OnnxValue value)
    {
        // An output needs a node that computes it, and one alone.
        if (!_computed.Contains(value) || _outputs.Contains(value))
            value = Add("Identity", value.Element, value.Shape, [value]);
        value.Name = name;
        _outputs.Add(value);
    }

    /// <summary>Adds a node with one output.</summary>
    private OnnxValue Add(
        string type,
        OnnxElement element,
        IReadOnlyList<OnnxDimension> shape,
        IReadOnlyList<OnnxValue?> inputs,
        params IReadOnlyList<OnnxAttribute> attributes) =>
        AddTo("", type, element, shape, inputs, attributes);

    private OnnxValue AddTo(
        string domain,
        string type,
        OnnxElement element,
        IReadOnlyList<OnnxDimension> shape,
        IReadOnlyList<OnnxValue?> inputs,
        IReadOnlyList<OnnxAttribute> attributes)
    {
        var output = new OnnxValue(NextName(type), element, shape);
        AddNode(new OnnxNode(type, domain, inputs, [output], attributes));
        return output;
    }

    /// <summary>Adds a node of ONNX's own operators with several outputs.</summary>
    private OnnxValue[] AddSeveral(
        string type, IReadOnlyList<(OnnxElement Element, IReadOnlyList<OnnxDimension> Shape)> outputs, OnnxValue input)
    {
        string name = NextName(type);
        OnnxValue[] values = [.. outputs.Select((o, i) => new OnnxValue($"{name}_{i}", o.Element, o.Shape))];
        AddNode(new OnnxNode(type, "", [input], values, []));
        return values;
    }

    private string NextName(string type) => $"{type.ToLowerInvariant()}_{_nodes.Count.ToString(CultureInfo.InvariantCulture)}";

    private void AddNode(OnnxNode node)
    {
        if (node.Domain.Length == 0)
            OnnxOperators.Require(node.Operator, form.Opset);
        _nodes.Add(node);
        _computed.UnionWith(node.Outputs);
    }

    private static OnnxAttribute Attribute(string name, object value) => new(name, value);

    private static void Require(bool fits, string type, string what, params ReadOnlySpan<OnnxValue> values)
    {
        if (fits)
            return;
        var shapes = new List<string>();
        foreach (var value in values)
            shapes.Add(value.ToString());
        throw new ArgumentException($"{type} cannot be applied to {string.Join(" and ", shapes)}: {what}.");
    }

    private static void RequireElement(string type, OnnxElement element, params ReadOnlySpan<OnnxValue> values)
    {
        foreach (var value in values)
            Require(value.Element == element, type, $"it takes {element}", value);
    }

    private static void RequireFloats(string type, params ReadOnlySpan<OnnxValue> values)
    {
        foreach (var value in values)
            Require(value.Element is OnnxElement.Float or OnnxElement.Double, type, "it takes Float or Double", value);
    }

    /// <summary>Releases the tensors that were made for the graph alone.</summary>
    public void Dispose() => _owned.ForEach(t => t.Dispose());
}
