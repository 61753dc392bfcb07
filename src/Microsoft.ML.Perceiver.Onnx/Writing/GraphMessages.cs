using static Microsoft.ML.Perceiver.OnnxFields;

namespace Microsoft.ML.Perceiver;

/// <summary>The parts of a graph as protobuf messages; all but the weights' bytes.</summary>
internal static class GraphMessages
{
    /// <summary>A graph without its constants.</summary>
    internal static ProtoMessage Graph(OnnxBuilder graph, string name)
    {
        var message = new ProtoMessage();
        for (int i = 0; i < graph.Nodes.Count; i++)
            message.Message(GraphNodes, Node(graph.Nodes[i], i));
        message.Text(GraphName, name);
        foreach (var input in graph.Inputs)
            message.Message(GraphInputs, Value(input));
        foreach (var output in graph.Outputs)
            message.Message(GraphOutputs, Value(output));
        return message;
    }

    /// <summary>A constant without its bytes.</summary>
    internal static ProtoMessage Tensor(OnnxValue value)
    {
        var message = new ProtoMessage();
        foreach (var extent in value.Shape)
            message.Number(TensorDimensions, extent.Factor);
        return message.Number(TensorElement, (long)value.Element).Text(TensorName, value.Name);
    }

    /// <summary>A pair of texts.</summary>
    internal static ProtoMessage Entry(string key, string value) => new ProtoMessage().Text(EntryKey, key).Text(EntryValue, value);

    private static ProtoMessage Node(OnnxNode node, int number)
    {
        var message = new ProtoMessage();
        foreach (var input in node.Inputs)
            message.Text(NodeInputs, input?.Name ?? "");
        foreach (var output in node.Outputs)
            message.Text(NodeOutputs, output.Name);
        message.Text(NodeName, $"{node.Operator}_{number}").Text(NodeOperator, node.Operator);
        foreach (var attribute in node.Attributes)
            message.Message(NodeAttributes, Attribute(attribute));
        return node.Domain.Length == 0 ? message : message.Text(NodeDomain, node.Domain);
    }

    private static ProtoMessage Attribute(OnnxAttribute attribute)
    {
        var message = new ProtoMessage().Text(AttributeName, attribute.Name);
        switch (attribute.Value)
        {
            case long number:
                return message.Number(AttributeInteger, number).Number(AttributeType, IntegerAttribute);
            case float number:
                return message.Float(AttributeFloat, number).Number(AttributeType, FloatAttribute);
            case string text:
                return message.Text(AttributeText, text).Number(AttributeType, TextAttribute);
            case string[] texts:
                foreach (string text in texts)
                    message.Text(AttributeTexts, text);
                return message.Number(AttributeType, TextsAttribute);
            default:
                foreach (long number in (long[])attribute.Value)
                    message.Number(AttributeIntegers, number);
                return message.Number(AttributeType, IntegersAttribute);
        }
    }

    private static ProtoMessage Value(OnnxValue value)
    {
        var shape = new ProtoMessage();
        foreach (var extent in value.Shape)
        {
            shape.Message(ShapeDimensions, extent.IsKnown
                ? new ProtoMessage().Number(DimensionValue, extent.Factor)
                : new ProtoMessage().Text(DimensionName, extent.ToString()));
        }

        var tensor = new ProtoMessage().Number(TensorTypeElement, (long)value.Element).Message(TensorTypeShape, shape);
        return new ProtoMessage().Text(ValueInfoName, value.Name).Message(ValueInfoType, new ProtoMessage().Message(TypeTensor, tensor));
    }
}
