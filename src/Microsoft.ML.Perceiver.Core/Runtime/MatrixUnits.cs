namespace Microsoft.ML.Perceiver;

/// <summary>What a processor multiplies matrices of bfloat16 with.</summary>
internal enum MatrixUnits
{
    /// <summary>Nothing: its products are those of float32.</summary>
    None,

    /// <summary>The instructions of AVX512_BF16: about twice the rate of float32.</summary>
    Avx512BFloat16,

    /// <summary>The tiles of AMX-BF16: about eight times the rate of float32.</summary>
    Amx,
}
