namespace Microsoft.ML.Perceiver;

/// <summary>How a tensor's numbers are written as a constant.</summary>
internal enum OnnxLayout
{
    /// <summary>As they lie in the tensor.</summary>
    AsIs,

    /// <summary>A matrix with rows and columns exchanged.</summary>
    Transposed,

    /// <summary>
    /// A matrix [outputs, inputs] as 8-bit integers [inputs, outputs], each output rounded by its own scale.
    /// </summary>
    RoundedByOutput,

    /// <summary>
    /// A matrix [outputs, inputs] as bytes [outputs, blocks, inputs of a block], where 128 stands for zero, each block rounded by its own
    /// scale. The last block of an output is filled up with zeros.
    /// </summary>
    RoundedByBlock,
}
