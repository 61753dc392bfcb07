namespace Microsoft.ML.Perceiver;

/// <summary>Rows in memory.</summary>
internal sealed class ListRows<TRow>(IReadOnlyList<TRow> rows) : PerceiverRows<TRow>
    where TRow : IPerceiverRow
{
    public override int Count => rows.Count;

    public override int LengthOf(int row) => rows[row].Length;

    public override TRow Read(int row, PerceiverRandom? random = null) => rows[row];

    public override void AddTo(PerceiverFingerprint fingerprint)
    {
        foreach (var row in rows)
            row.AddLabelTo(fingerprint);
        foreach (int row in PerceiverFingerprint.Sample(rows.Count))
            rows[row].AddContentTo(fingerprint);
    }
}
