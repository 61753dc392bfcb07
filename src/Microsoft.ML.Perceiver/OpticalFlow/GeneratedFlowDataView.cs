using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Frames with exact flow, made when a getter of a cursor is called; nothing is kept. The column <see cref="NumberName"/> has each row's
/// number, from which its frames can be made again.
/// </summary>
internal sealed class GeneratedFlowDataView : IDataView
{
    private readonly PerceiverFlowGenerator _generator;
    private readonly int _count;
    private readonly long _start;

    internal GeneratedFlowDataView(PerceiverFlowGenerator generator, int count, long start)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        (_generator, _count, _start) = (generator, count, start);
        int height = generator.Options.Height, width = generator.Options.Width;
        var image = new ImageDataViewType(height, width);
        var builder = new DataViewSchema.Builder();
        Add(FirstName, image);
        Add(SecondName, image);
        Add(LabelName, new VectorDataViewType(NumberDataViewType.Single, height, width, PerceiverFlowField.Components));
        Add(NumberName, NumberDataViewType.Int64);
        Schema = builder.ToSchema();

        void Add(string name, DataViewType type) => new GeneratedFlowColumn(generator, name).AddTo(builder, type);
    }

    internal const string FirstName = "FirstImage", SecondName = "SecondImage", LabelName = "Label", NumberName = "Number";

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => _count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        return new Cursor(this, columnsNeeded);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    /// <summary>
    /// The generator that made three columns, and the column of the numbers to make them again; null where there is none.
    /// </summary>
    internal static (PerceiverFlowGenerator Generator, DataViewSchema.Column Number)? Find(
        DataViewSchema schema, DataViewSchema.Column first, DataViewSchema.Column second, DataViewSchema.Column label)
    {
        if (GeneratedFlowColumn.Of(first)?.Generator is not { } generator)
            return null;
        if (!Is(first, FirstName) || !Is(second, SecondName) || !Is(label, LabelName))
            return null;
        var numbers = schema.Where(c => Is(c, NumberName)).ToArray();
        return numbers.Length == 0 ? null : (generator, numbers[0]);

        bool Is(DataViewSchema.Column column, string name) => GeneratedFlowColumn.Of(column) == new GeneratedFlowColumn(generator, name);
    }

    private sealed class Cursor(GeneratedFlowDataView view, IEnumerable<DataViewSchema.Column> columns) : DataViewRowCursor
    {
        private readonly HashSet<int> _active = [.. columns.Select(c => c.Index)];
        private PerceiverFlowExample? _example;
        private long _position = -1;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            _example = null;
            if (_position < view._count)
                _position++;
            return _position < view._count;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() =>
            (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
                throw new ArgumentOutOfRangeException(nameof(column), $"The column '{column.Name}' is not active in this cursor.");
            Delegate getter = column.Index switch
            {
                0 => Getters.Scalar(() => Current.First.ToMLImage()),
                1 => Getters.Scalar(() => Current.Second.ToMLImage()),
                2 => Getters.Vector(() => Current.Flow.Values),
                _ => Getters.Scalar(() => Number),
            };
            string message = $"The column '{column.Name}' has values of {column.Type.RawType}, not of {typeof(TValue)}.";
            return getter as ValueGetter<TValue> ?? throw new ArgumentException(message, nameof(column));
        }

        // The columns of a row share one example, which is made for the first of their getters.
        private PerceiverFlowExample Current => _example ??= view._generator.Generate(Number);

        private long Number => _position >= 0 && _position < view._count
            ? view._start + _position
            : throw new InvalidOperationException("The cursor stands before the first row, or after the last.");
    }
}
