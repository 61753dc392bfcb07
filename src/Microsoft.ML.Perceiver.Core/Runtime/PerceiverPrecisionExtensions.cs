using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The passage from <see cref="PerceiverPrecision"/> to TorchSharp's types.</summary>
internal static class PerceiverPrecisionExtensions
{
    /// <summary>The element type of inputs, activations and kept weights in this precision.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a value of the enumeration.</exception>
    public static ScalarType ToScalarType(this PerceiverPrecision precision) => precision switch
    {
        PerceiverPrecision.Float32 or PerceiverPrecision.Int8 => ScalarType.Float32,
        PerceiverPrecision.BFloat16 => ScalarType.BFloat16,
        PerceiverPrecision.Float16 => ScalarType.Float16,
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "Not a precision of PerceiverPrecision."),
    };

    /// <summary>Refuses a precision that weights are not saved in.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none that they are saved in.</exception>
    public static void RequireFileFormat(this PerceiverPrecision precision)
    {
        if (precision == PerceiverPrecision.Int8 || !Enum.IsDefined(precision))
            throw new ArgumentOutOfRangeException(nameof(precision), precision, "Weights are saved in Float32, BFloat16 or Float16; 8-bit integers are made of them while they are loaded.");
    }
}
