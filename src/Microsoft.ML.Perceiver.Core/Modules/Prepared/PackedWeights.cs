using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Prepares weights for oneDNN's products, where these were measured to be faster than libtorch's own.</summary>
internal sealed class PackedWeights : IWeightPreparation
{
    /// <summary>The preparation; it has no state.</summary>
    internal static PackedWeights Instance { get; } = new();

    /// <inheritdoc/>
    public PreparedMap Prepare(params IReadOnlyList<AffineMap> maps) => new PackedMap(maps);

    /// <summary>Whether weights of a type and device are multiplied faster after preparation on this machine.</summary>
    internal static bool AreFaster(ScalarType type, Device device) =>
        device.type == DeviceType.CPU && AreFaster(type, ProcessorFeatures.Units, ProcessorFeatures.IsAmd && Avx512F.IsSupported);

    /// <summary>Whether weights of a type are multiplied faster after preparation (benchmark <c>packed-products</c>).</summary>
    /// <param name="type">The type of weights and inputs.</param>
    /// <param name="units">What the processor multiplies bfloat16 with.</param>
    /// <param name="isAmdWithAvx512">
    /// Whether it has AVX-512 and is AMD's, where MKL multiplies float32 without AVX-512 (Zen 4: 1.2 to 1.8 times as fast). On Zen 3
    /// nothing was gained.
    /// </param>
    internal static bool AreFaster(ScalarType type, MatrixUnits units, bool isAmdWithAvx512) => type switch
    {
        ScalarType.Float32 => isAmdWithAvx512,
        ScalarType.BFloat16 => units != MatrixUnits.None,
        _ => false,
    };
}
