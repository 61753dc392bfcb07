using System.Runtime.InteropServices;

namespace Microsoft.ML.Perceiver;

/// <summary>Two texts that mean the same, or whose likeness is known as a number.</summary>
/// <param name="First">The token ids of the first with <c>[CLS]</c> and <c>[SEP]</c>.</param>
/// <param name="Second">Those of the second.</param>
/// <param name="Similarity">How alike they are, in any unit; contrastive learning does not read it.</param>
public sealed record PerceiverSentencePair(int[] First, int[] Second, float Similarity = 1) : IPerceiverRow
{
    int IPerceiverRow.Length => Math.Max(First.Length, Second.Length);

    void IPerceiverRow.AddLabelTo(PerceiverFingerprint fingerprint) => fingerprint.Add<float>([Similarity]);

    void IPerceiverRow.AddContentTo(PerceiverFingerprint fingerprint)
    {
        fingerprint.Add<byte>(MemoryMarshal.AsBytes(First.AsSpan()));
        fingerprint.Add<byte>(MemoryMarshal.AsBytes(Second.AsSpan()));
    }
}
