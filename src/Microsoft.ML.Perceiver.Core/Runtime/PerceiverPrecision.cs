using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The number format that a model computes in.</summary>
public enum PerceiverPrecision
{
    /// <summary>32 bits, the reference's.</summary>
    Float32,

    /// <summary>bfloat16: the range of 32 bits with 8 bits of precision; half the memory, and faster where the processor has it.</summary>
    BFloat16,

    /// <summary>IEEE half precision; for GPUs.</summary>
    Float16,
}

internal static class PerceiverPrecisions
{
    internal static ScalarType ToScalarType(this PerceiverPrecision precision) => precision switch
    {
        PerceiverPrecision.Float32 => ScalarType.Float32,
        PerceiverPrecision.BFloat16 => ScalarType.BFloat16,
        PerceiverPrecision.Float16 => ScalarType.Float16,
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "This is no precision."),
    };
}
