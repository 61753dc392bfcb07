namespace Microsoft.ML.Perceiver;

/// <summary>Texts in memory.</summary>
internal sealed class TokenTextRows(IReadOnlyList<int[]> ids) : PerceiverRows<int[]>
{
    public override int Count => ids.Count;

    public override int LengthOf(int row) => ids[row].Length;

    public override int[] Read(int row, PerceiverRandom? random = null) => ids[row];

    public override void AddTo(PerceiverFingerprint fingerprint) => AddTo(fingerprint, this);

    /// <summary>Adds the number of texts, and the token ids of some.</summary>
    internal static void AddTo(PerceiverFingerprint fingerprint, PerceiverRows<int[]> texts)
    {
        fingerprint.Add(texts.Count);
        foreach (int row in PerceiverFingerprint.Sample(texts.Count))
            fingerprint.Add<int>(texts.Read(row));
    }
}
