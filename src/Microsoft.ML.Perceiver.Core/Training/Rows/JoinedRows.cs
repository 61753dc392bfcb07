namespace Microsoft.ML.Perceiver;

/// <summary>Several sources of rows as one.</summary>
internal sealed class JoinedRows<TRow> : PerceiverRows<TRow>
{
    private readonly PerceiverRows<TRow>[] _sources;
    private readonly int[] _starts;

    internal JoinedRows(IReadOnlyList<PerceiverRows<TRow>> sources)
    {
        _sources = [.. sources.Where(s => s.Count > 0)];
        _starts = new int[_sources.Length];
        int count = 0;
        for (int i = 0; i < _sources.Length; i++)
        {
            _starts[i] = count;
            count = checked(count + _sources[i].Count);
        }

        Count = count;
    }

    public override int Count { get; }

    public override int LengthOf(int row)
    {
        var (source, inner) = Find(row);
        return source.LengthOf(inner);
    }

    public override TRow Read(int row, PerceiverRandom? random = null)
    {
        var (source, inner) = Find(row);
        return source.Read(inner, random);
    }

    public override void AddTo(PerceiverFingerprint fingerprint)
    {
        foreach (var source in _sources)
            source.AddTo(fingerprint);
    }

    private (PerceiverRows<TRow> Source, int Row) Find(int row)
    {
        int found = Array.BinarySearch(_starts, row);
        int index = found >= 0 ? found : ~found - 1;
        return (_sources[index], row - _starts[index]);
    }
}
