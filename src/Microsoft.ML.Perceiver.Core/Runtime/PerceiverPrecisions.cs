namespace Microsoft.ML.Perceiver;

/// <summary>Which precision suits a device.</summary>
public static class PerceiverPrecisions
{
    /// <summary>
    /// Whether this processor multiplies matrices of <see cref="PerceiverPrecision.BFloat16"/> in hardware (AVX512_BF16 or AMX-BF16). Where it
    /// does not, predictions widen the numbers to float32 for their products, at nearly the time of <see cref="PerceiverPrecision.Float32"/>; trainings are
    /// several times slower than in it.
    /// </summary>
    public static bool IsBFloat16FastOnCpu => ProcessorFeatures.HasBFloat16;

    /// <summary>
    /// The fastest precision of floating-point numbers that keeps the range of float32: <see cref="PerceiverPrecision.BFloat16"/> on CUDA devices and
    /// on processors with <see cref="IsBFloat16FastOnCpu"/>, <see cref="PerceiverPrecision.Float32"/> on others. It suits training too;
    /// <see cref="PerceiverPrecision.Int8"/>, which does not, is left to who asks for it.
    /// </summary>
    /// <param name="gpuDeviceId">The CUDA device that is used, as <c>MLContext.GpuDeviceId</c>; null for the CPU.</param>
    public static PerceiverPrecision Fastest(int? gpuDeviceId = null) =>
        gpuDeviceId is not null || IsBFloat16FastOnCpu ? PerceiverPrecision.BFloat16 : PerceiverPrecision.Float32;

    /// <summary>Why a precision is a bad choice for training on a device; null where it is none.</summary>
    internal static string? Slowness(PerceiverPrecision precision, TorchSharp.torch.Device device) =>
        device.type != TorchSharp.DeviceType.CPU || precision != PerceiverPrecision.BFloat16 || IsBFloat16FastOnCpu
            ? null
            : $"This processor has no instructions for {precision}; training is several times faster in Float32 on it.";
}
