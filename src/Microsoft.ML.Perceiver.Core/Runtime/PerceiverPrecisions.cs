using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Perceiver;

/// <summary>Which precision suits a device.</summary>
public static class PerceiverPrecisions
{
    private static readonly Lazy<bool> ProcessorMultipliesBFloat16 = new(DetectBFloat16);

    /// <summary>
    /// Whether this processor multiplies matrices of <see cref="PerceiverPrecision.BFloat16"/> in hardware (AVX512_BF16 or AMX-BF16). Where it
    /// does not, libtorch adds the products up one by one, several times slower than in <see cref="PerceiverPrecision.Float32"/>.
    /// </summary>
    public static bool IsBFloat16FastOnCpu => ProcessorMultipliesBFloat16.Value;

    /// <summary>
    /// The fastest precision that keeps the range of float32: <see cref="PerceiverPrecision.BFloat16"/> on CUDA devices and on processors with
    /// <see cref="IsBFloat16FastOnCpu"/>, <see cref="PerceiverPrecision.Float32"/> on others.
    /// </summary>
    /// <param name="gpuDeviceId">The CUDA device that is used, as <c>MLContext.GpuDeviceId</c>; null for the CPU.</param>
    public static PerceiverPrecision Fastest(int? gpuDeviceId = null) =>
        gpuDeviceId is not null || IsBFloat16FastOnCpu ? PerceiverPrecision.BFloat16 : PerceiverPrecision.Float32;

    /// <summary>Why a precision is a bad choice on a device; null where it is none.</summary>
    internal static string? Slowness(PerceiverPrecision precision, TorchSharp.torch.Device device) =>
        device.type != TorchSharp.DeviceType.CPU || precision == PerceiverPrecision.Float32 || (precision == PerceiverPrecision.BFloat16 && IsBFloat16FastOnCpu)
            ? null
            : $"This processor has no instructions for {precision}; Float32 is several times faster on it.";

    private static bool DetectBFloat16()
    {
        const int structuredFeatures = 7, avx512BFloat16 = 1 << 5, amxBFloat16 = 1 << 22;
        // The operating system must keep the wide registers too, which the runtime has looked at.
        if (!Avx512F.IsSupported || X86Base.CpuId(0, 0).Eax < structuredFeatures)
            return false;
        return (X86Base.CpuId(structuredFeatures, 1).Eax & avx512BFloat16) != 0 || (X86Base.CpuId(structuredFeatures, 0).Edx & amxBFloat16) != 0;
    }
}
