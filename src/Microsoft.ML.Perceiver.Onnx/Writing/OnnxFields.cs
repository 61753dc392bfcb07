namespace Microsoft.ML.Perceiver;

/// <summary>The numbers of the fields that are written, as ONNX's onnx.proto has them.</summary>
internal static class OnnxFields
{
    internal const int ModelIrVersion = 1, ModelProducer = 2, ModelProducerVersion = 3, ModelGraph = 7, ModelOpsets = 8, ModelMetadata = 14;
    internal const int OpsetDomain = 1, OpsetVersion = 2;
    internal const int GraphNodes = 1, GraphName = 2, GraphInitializers = 5, GraphInputs = 11, GraphOutputs = 12;
    internal const int NodeInputs = 1, NodeOutputs = 2, NodeName = 3, NodeOperator = 4, NodeAttributes = 5, NodeDomain = 7;
    internal const int AttributeName = 1, AttributeFloat = 2, AttributeInteger = 3, AttributeText = 4,
        AttributeIntegers = 8, AttributeTexts = 9;
    internal const int AttributeType = 20;
    internal const int ValueInfoName = 1, ValueInfoType = 2, TypeTensor = 1, TensorTypeElement = 1, TensorTypeShape = 2;
    internal const int ShapeDimensions = 1, DimensionValue = 1, DimensionName = 2;
    internal const int TensorDimensions = 1, TensorElement = 2, TensorName = 8, TensorRawData = 9, TensorExternal = 13, TensorLocation = 14;
    internal const int EntryKey = 1, EntryValue = 2;

    /// <summary>Values of <see cref="AttributeType"/>.</summary>
    internal const int FloatAttribute = 1, IntegerAttribute = 2, TextAttribute = 3, IntegersAttribute = 7, TextsAttribute = 8;

    /// <summary>The value of <see cref="TensorLocation"/> for bytes in another file.</summary>
    internal const int ExternalLocation = 1;
}
