using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Transforms.Image;

namespace BatchScore.Scoring;

/// <summary>Rows in memory that are scored together. Columns that the outputs do not depend on have no values.</summary>
/// <param name="schema">The columns that the model was saved with.</param>
/// <param name="columns">Those that rows have values for.</param>
/// <param name="rows">The rows.</param>
internal sealed class Chunk(DataViewSchema schema, IReadOnlyList<ModelColumn> columns, IReadOnlyList<ChunkRow> rows) : IDataView
{
    /// <inheritdoc/>
    public bool CanShuffle => false;

    /// <inheritdoc/>
    public DataViewSchema Schema => schema;

    /// <inheritdoc/>
    public long? GetRowCount() => rows.Count;

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(schema, columns, rows, [.. columnsNeeded.Select(column => column.Index)]);

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(
        DataViewSchema schema, IReadOnlyList<ModelColumn> columns, IReadOnlyList<ChunkRow> rows, HashSet<int> active) : DataViewRowCursor
    {
        private static readonly MethodInfo s_vector =
            typeof(Cursor).GetMethod(nameof(VectorGetter), BindingFlags.NonPublic | BindingFlags.Instance)!;

        private int _position = -1;

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => schema;

        public override bool MoveNext()
        {
            if (_position < rows.Count)
                _position++;
            return _position < rows.Count;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() =>
            (ref DataViewRowId value) => value = new DataViewRowId((ulong)_position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            int place = -1;
            for (int i = 0; i < columns.Count; i++)
                place = columns[i].Name == column.Name ? i : place;
            if (place < 0)
                return (ref TValue value) => value = default!;
            Delegate getter = column.Type switch
            {
                ImageDataViewType => ImageGetter(place),
                VectorDataViewType vector => (Delegate)s_vector.MakeGenericMethod(vector.ItemType.RawType).Invoke(this, [place])!,
                _ => (ValueGetter<TValue>)((ref TValue value) => value = (TValue)rows[_position].Values[place]),
            };
            return (ValueGetter<TValue>)getter;
        }

        private ValueGetter<MLImage> ImageGetter(int place) => (ref MLImage value) =>
        {
            value?.Dispose();
            value = PerceiverImageConversion.DecodeImage((byte[])rows[_position].Values[place]).ToMLImage();
        };

        // Who reads a vector may write into it.
        private ValueGetter<VBuffer<T>> VectorGetter<T>(int place) =>
            (ref VBuffer<T> value) => ((VBuffer<T>)rows[_position].Values[place]).CopyTo(ref value);
    }
}

