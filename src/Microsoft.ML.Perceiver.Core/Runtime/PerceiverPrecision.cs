namespace Microsoft.ML.Perceiver;

/// <summary>The number format in which a model's weights and activations are computed.</summary>
#pragma warning disable CA1720 // The names are those of the field, of TorchSharp and of checkpoints.
public enum PerceiverPrecision
{
    /// <summary>32-bit floats: the reference's results, on every device.</summary>
    Float32,

    /// <summary>Brain floats of 16 bits: the range of <see cref="Float32"/> with 8 bits of mantissa; half the memory traffic.</summary>
    BFloat16,

    /// <summary>IEEE floats of 16 bits: 11 bits of mantissa, largest value 65504; meant for CUDA devices.</summary>
    Float16,

    /// <summary>
    /// Products of 8-bit integers in attention and feed-forward layers, everything else in 32-bit floats. Weights are rounded by output
    /// channel when the model is loaded, activations by row at each call. It takes a quarter of these layers' memory and, where they are
    /// large, has 1.4 to 1.6 times the speed of <see cref="Float32"/> without AVX512_VNNI, for some loss of accuracy (docs/performance.md
    /// has measurements). For inference on x64 processors with AVX2 only: training and saving use the floats, which the model keeps.
    /// </summary>
    Int8,
}
