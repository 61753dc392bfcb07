using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Chooses the form of attention on a CPU. The rules follow the benchmark <c>attention-kernels</c>, which prints the times of all forms by
/// shape: see docs/performance.md for those of the processors that were at hand.
/// </summary>
internal static class AttentionForms
{
    /// <summary>Channels are padded to a multiple of this.</summary>
    internal const long PaddedMultiple = 32;

    // With AMX, wide heads of few queries are faster in the plain form, whose products are large.
    private const long WideChannels = 512, FewQueries = 512;

    // Below this the plain form spends its time between its operations (32 queries and 64 keys of 8 heads: half of it).
    private const long FewScores = 1L << 15;

    /// <summary>
    /// Whether queries, keys and values of 8-bit products attend faster in bfloat16 than in float32. The batch has no say in it, so that
    /// a row's result does not depend on how many others there are.
    /// </summary>
    /// <param name="units">What the processor multiplies bfloat16 with.</param>
    /// <param name="scoresOfRow">Heads times queries times keys.</param>
    internal static bool NarrowsInt8(MatrixUnits units, long scoresOfRow) =>
        units == MatrixUnits.Amx || (units == MatrixUnits.Avx512BFloat16 && scoresOfRow > FewScores);

    /// <summary>The form that was measured to be the fastest one.</summary>
    /// <param name="units">What the processor multiplies bfloat16 with.</param>
    /// <param name="type">The type of the numbers.</param>
    /// <param name="scores">Batch times heads times queries times keys.</param>
    /// <param name="queries">The number of queries.</param>
    /// <param name="keyChannels">Channels of a head's queries and keys.</param>
    /// <param name="valueChannels">Channels of a head's values.</param>
    /// <param name="hasGradients">Whether a backward pass follows.</param>
    internal static AttentionForm Choose(
        MatrixUnits units, ScalarType type, long scores, long queries, long keyChannels, long valueChannels, bool hasGradients)
    {
        // Torch's kernel is fused only where keys and values are equally wide, and else slower than the plain form by its search for rows
        // without any key.
        if (keyChannels != valueChannels)
            return AttentionForm.Plain;
        if (type != ScalarType.BFloat16)
            return AttentionForm.Fused;
        if (units == MatrixUnits.Avx512BFloat16 && !hasGradients && scores <= FewScores)
            return AttentionForm.Fused;
        // Without AMX the fused kernel multiplies bfloat16 at the rate of float32. Its backward pass always does.
        if (units != MatrixUnits.Amx || hasGradients)
            return AttentionForm.Plain;
        if (keyChannels >= WideChannels && queries <= FewQueries)
            return AttentionForm.Plain;
        // It packs numbers for AMX only where the channels are even.
        return keyChannels % 2 == 0 ? AttentionForm.Fused : AttentionForm.Padded;
    }
}
