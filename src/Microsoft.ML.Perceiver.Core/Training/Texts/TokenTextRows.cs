namespace Microsoft.ML.Perceiver;

/// <summary>Texts in memory.</summary>
internal sealed class TokenTextRows(IReadOnlyList<int[]> ids) : PerceiverTextRows
{
    public override int Count => ids.Count;

    public override int LengthOf(int row) => ids[row].Length;

    public override int[] Read(int row, PerceiverRandom? random = null) => ids[row];
}
