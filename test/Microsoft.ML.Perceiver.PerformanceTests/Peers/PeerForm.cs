namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>Who computes, and in which numbers.</summary>
internal enum PeerForm
{
    /// <summary>This library in 32-bit floating-point numbers, the weights mapped and rearranged.</summary>
    Float32,

    /// <summary>This library in 16 bits.</summary>
    BFloat16,

    /// <summary>This library in 8-bit integers.</summary>
    Int8,

    /// <summary>ONNX Runtime in 32-bit floating-point numbers.</summary>
    OnnxFloat32,

    /// <summary>ONNX Runtime in 8-bit integers, rounded as it does in each call.</summary>
    OnnxInt8,
}
