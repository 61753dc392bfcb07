using System.Runtime.InteropServices;

namespace Microsoft.ML.Perceiver;

/// <summary>A text and the vectors that teachers gave for it.</summary>
/// <param name="Ids">Its token ids with <c>[CLS]</c> and <c>[SEP]</c>.</param>
/// <param name="Vectors">
/// A vector of each teacher, the same teachers in the same order for all texts. Only their directions count; a vector of zeros has none and
/// must not be given.
/// </param>
public sealed record PerceiverSentenceExample(int[] Ids, params IReadOnlyList<float[]> Vectors) : IPerceiverRow
{
    int IPerceiverRow.Length => Ids.Length;

    void IPerceiverRow.AddLabelTo(PerceiverFingerprint fingerprint)
    {
        foreach (float[] vector in Vectors)
            fingerprint.Add<float>(vector);
    }

    void IPerceiverRow.AddContentTo(PerceiverFingerprint fingerprint) => fingerprint.Add<byte>(MemoryMarshal.AsBytes(Ids.AsSpan()));
}
