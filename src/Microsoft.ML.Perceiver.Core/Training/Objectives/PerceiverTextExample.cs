using System.Runtime.InteropServices;

namespace Microsoft.ML.Perceiver;

/// <summary>A labelled text.</summary>
/// <param name="Ids">Its token ids with <c>[CLS]</c> and <c>[SEP]</c>.</param>
/// <param name="Target">The index of its class as one number; for a regression its numbers; for several labels 0 or 1 for each.</param>
public sealed record PerceiverTextExample(int[] Ids, float[] Target) : IPerceiverRow
{
    int IPerceiverRow.Length => Ids.Length;

    void IPerceiverRow.AddLabelTo(PerceiverFingerprint fingerprint) => fingerprint.Add<float>(Target);

    void IPerceiverRow.AddContentTo(PerceiverFingerprint fingerprint) => fingerprint.Add<byte>(MemoryMarshal.AsBytes(Ids.AsSpan()));
}
