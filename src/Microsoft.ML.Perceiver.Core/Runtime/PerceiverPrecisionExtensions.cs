using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The passage from <see cref="PerceiverPrecision"/> to TorchSharp's types.</summary>
internal static class PerceiverPrecisionExtensions
{
    /// <summary>Returns the element type of tensors in this precision.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a value of the enumeration.</exception>
    public static ScalarType ToScalarType(this PerceiverPrecision precision) => precision switch
    {
        PerceiverPrecision.Float32 => ScalarType.Float32,
        PerceiverPrecision.BFloat16 => ScalarType.BFloat16,
        PerceiverPrecision.Float16 => ScalarType.Float16,
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "Not a precision of PerceiverPrecision."),
    };
}
