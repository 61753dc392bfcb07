namespace Microsoft.ML.Perceiver;

/// <summary>How a graph's weights are stored.</summary>
internal enum OnnxWeights
{
    /// <summary>As 32-bit floats.</summary>
    Float32,

    /// <summary>Tables and matrices as 16-bit floats, which are converted where they are used; all is computed in 32 bits.</summary>
    Float16,

    /// <summary>Tables and matrices as 16-bit floats, converted where they are used; all is computed in 32 bits.</summary>
    Int8,

    /// <summary>The same matrices as 8-bit integers by blocks of an output's inputs.</summary>
    Int8Blocks,
}
