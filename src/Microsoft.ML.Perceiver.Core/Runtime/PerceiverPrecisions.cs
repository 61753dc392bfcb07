using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The fastest precision of a device, and TorchSharp's name of a precision.</summary>
public static class PerceiverPrecisions
{
    /// <summary>
    /// Whether this processor multiplies matrices of <see cref="PerceiverPrecision.BFloat16"/> in hardware (AVX512_BF16 or AMX-BF16). Where
    /// it does not, predictions convert the numbers to float32 for their products, in nearly the time of
    /// <see cref="PerceiverPrecision.Float32"/>; training is several times slower than in float32.
    /// </summary>
    public static bool IsBFloat16FastOnCpu => ProcessorFeatures.HasBFloat16;

    /// <summary>
    /// The fastest precision of floating-point numbers that keeps the range of float32: <see cref="PerceiverPrecision.BFloat16"/> on CUDA
    /// devices and on processors with <see cref="IsBFloat16FastOnCpu"/>, <see cref="PerceiverPrecision.Float32"/> on others. Training can
    /// use it too. <see cref="PerceiverPrecision.Int8"/> is for inference only and never chosen here.
    /// </summary>
    /// <param name="gpuDeviceId">The CUDA device that is used, as <c>MLContext.GpuDeviceId</c>; null for the CPU.</param>
    /// <returns><see cref="PerceiverPrecision.BFloat16"/> or <see cref="PerceiverPrecision.Float32"/>.</returns>
    public static PerceiverPrecision Fastest(int? gpuDeviceId = null) =>
        gpuDeviceId is not null || IsBFloat16FastOnCpu ? PerceiverPrecision.BFloat16 : PerceiverPrecision.Float32;

    /// <summary>Why training in a precision is slow on a device; null where it is not.</summary>
    internal static string? Slowness(PerceiverPrecision precision, Device device) =>
        device.type != TorchSharp.DeviceType.CPU || precision != PerceiverPrecision.BFloat16 || IsBFloat16FastOnCpu
            ? null
            : $"This processor has no instructions for {precision}; training is several times faster in Float32 on it.";

    /// <summary>The element type of inputs, activations and kept weights in this precision.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a value of the enumeration.</exception>
    internal static ScalarType ToScalarType(this PerceiverPrecision precision) => precision switch
    {
        PerceiverPrecision.Float32 or PerceiverPrecision.Int8 => ScalarType.Float32,
        PerceiverPrecision.BFloat16 => ScalarType.BFloat16,
        PerceiverPrecision.Float16 => ScalarType.Float16,
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "Not a precision of PerceiverPrecision."),
    };

    /// <summary>Refuses a precision that weights are not saved in.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The precision is <see cref="PerceiverPrecision.Int8"/> or not one of the enumeration.
    /// </exception>
    internal static void RequireFileFormat(this PerceiverPrecision precision)
    {
        if (precision != PerceiverPrecision.Int8 && Enum.IsDefined(precision))
            return;
        const string reason = "Weights are saved in Float32, BFloat16 or Float16; 8-bit integers are made of them while they are loaded.";
        throw new ArgumentOutOfRangeException(nameof(precision), precision, reason);
    }
}
