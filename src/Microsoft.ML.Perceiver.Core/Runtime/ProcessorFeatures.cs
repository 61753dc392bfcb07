using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Instructions of this processor that .NET has no properties for. The operating system must save the wide registers too, which the runtime
/// has checked.
/// </summary>
internal static class ProcessorFeatures
{
    private const int StructuredFeatures = 7;

    // "Auth" of "AuthenticAMD".
    private const int Amd = 0x68747541;

    /// <summary>What it multiplies matrices of bfloat16 with.</summary>
    internal static MatrixUnits Units { get; } = FindUnits();

    /// <summary>Products of bfloat16: AVX512_BF16 or AMX-BF16.</summary>
    internal static bool HasBFloat16 => Units != MatrixUnits.None;

    /// <summary>Products of 8-bit integers that are added up in 32 bits: AVX512_VNNI.</summary>
    internal static bool HasAvx512Vnni { get; } =
        HasStructuredFeatures && (X86Base.CpuId(StructuredFeatures, 0).Ecx & (1 << 11)) != 0;

    /// <summary>Whether AMD made it.</summary>
    internal static bool IsAmd { get; } = X86Base.IsSupported && X86Base.CpuId(0, 0).Ebx == Amd;

    private static bool HasAvx512BFloat16 => (X86Base.CpuId(StructuredFeatures, 1).Eax & (1 << 5)) != 0;

    private static bool HasAmxBFloat16 => (X86Base.CpuId(StructuredFeatures, 0).Edx & (1 << 22)) != 0;

    private static bool HasStructuredFeatures => Avx512F.IsSupported && X86Base.CpuId(0, 0).Eax >= StructuredFeatures;

    private static MatrixUnits FindUnits()
    {
        if (!HasStructuredFeatures)
            return MatrixUnits.None;
        if (HasAmxBFloat16)
            return MatrixUnits.Amx;
        return HasAvx512BFloat16 ? MatrixUnits.Avx512BFloat16 : MatrixUnits.None;
    }
}
