namespace Microsoft.ML.Perceiver;

/// <summary>The types of a graph's numbers, with the values that ONNX's <c>TensorProto.DataType</c> gives them.</summary>
internal enum OnnxElement
{
    /// <summary>32-bit floats.</summary>
    Float = 1,

    /// <summary>Bytes.</summary>
    UInt8 = 2,

    /// <summary>8-bit integers.</summary>
    Int8 = 3,

    /// <summary>64-bit integers.</summary>
    Int64 = 7,

    /// <summary>Texts.</summary>
    String = 8,

    /// <summary>Truth values.</summary>
    Boolean = 9,

    /// <summary>16-bit IEEE floats.</summary>
    Float16 = 10,

    /// <summary>64-bit floats.</summary>
    Double = 11,

    /// <summary>32-bit integers without a sign.</summary>
    UInt32 = 12,
}
