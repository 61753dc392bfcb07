using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>The row a cursor stands on; columns that are work to compute are computed once for the window and the stage.</summary>
/// <param name="source">The cursor; it stays its owner's.</param>
/// <param name="buffers">What is kept of it, by the column's index.</param>
internal sealed class BufferedRow(DataViewRow source, IReadOnlyDictionary<int, ColumnBuffer> buffers) : DataViewRow
{
    public override DataViewSchema Schema => source.Schema;

    public override long Position => source.Position;

    public override long Batch => source.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => source.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        buffers.TryGetValue(column.Index, out var buffer) && buffer.CreateSourceGetter() is { } getter
            ? Getters.Typed<TValue>(getter, column)
            : source.GetGetter<TValue>(column);
}
