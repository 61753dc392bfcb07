namespace Microsoft.ML.Perceiver;

/// <summary>Several sources of texts as one.</summary>
internal sealed class JoinedTextRows : PerceiverTextRows
{
    private readonly PerceiverTextRows[] _sources;
    private readonly int[] _starts;

    internal JoinedTextRows(IReadOnlyList<PerceiverTextRows> sources)
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

    public override int[] Read(int row, PerceiverRandom? random = null)
    {
        var (source, inner) = Find(row);
        return source.Read(inner, random);
    }

    internal override void AddTo(DataFingerprint fingerprint)
    {
        foreach (var source in _sources)
            source.AddTo(fingerprint);
    }

    private (PerceiverTextRows Source, int Row) Find(int row)
    {
        int found = Array.BinarySearch(_starts, row);
        int index = found >= 0 ? found : ~found - 1;
        return (_sources[index], row - _starts[index]);
    }
}
