namespace Microsoft.ML.Perceiver;

/// <summary>How the weights are stored in an ONNX file.</summary>
#pragma warning disable CA1720 // The names are those of the field, of TorchSharp and of checkpoints.
public enum PerceiverOnnxWeights
{
    /// <summary>As 32-bit floats.</summary>
    Float32,

    /// <summary>
    /// Tables and matrices as 16-bit floats, for half the file. They are converted where they are used, and all is computed in 32 bits;
    /// ONNX Runtime converts them once, while it loads the file.
    /// </summary>
    Float16,

    /// <summary>
    /// The matrices of attention and feed-forward layers as 8-bit integers, each output with a scale of its own, by ONNX Runtime's operator
    /// MatMulIntegerToFloat. Their inputs are rounded to bytes in each call, by the smallest and the largest number of the whole tensor,
    /// once for all matrices that they are multiplied by.
    /// </summary>
    Int8,

    /// <summary>
    /// The same matrices as 8-bit integers with a scale for every 32 inputs of an output, by ONNX Runtime's operator MatMulNBits, which
    /// rounds their inputs by blocks too.
    /// </summary>
    Int8Blocks,
}
