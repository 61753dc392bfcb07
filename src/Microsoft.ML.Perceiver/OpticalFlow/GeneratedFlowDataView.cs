using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Perceiver;

/// <summary>Frames with exact flow, made when a cursor comes to them; nothing is kept.</summary>
internal sealed class GeneratedFlowDataView : IDataView
{
    private readonly PerceiverFlowGenerator _generator;
    private readonly int _count;

    internal GeneratedFlowDataView(PerceiverFlowGenerator generator, int count, long start)
    {
        _generator = generator;
        _count = count;
        Start = start;
        Rows = PerceiverFlowRows.Generated(generator, count, start);
        var image = new ImageDataViewType(generator.Options.Height, generator.Options.Width);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(FirstName, image);
        builder.AddColumn(SecondName, image);
        builder.AddColumn(LabelName, new VectorDataViewType(NumberDataViewType.Single, generator.Options.Height, generator.Options.Width, PerceiverFlowField.Components));
        Schema = builder.ToSchema();
    }

    internal const string FirstName = "FirstImage", SecondName = "SecondImage", LabelName = "Label";

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    /// <summary>The rows, any of which can be asked for.</summary>
    internal PerceiverRows<PerceiverFlowExample> Rows { get; }

    private long Start { get; }

    public long? GetRowCount() => _count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        return new Cursor(this, columnsNeeded);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    /// <summary>Whether the columns of a stage are this view's own.</summary>
    internal static bool Has(string first, string second, string label) => (first, second, label) == (FirstName, SecondName, LabelName);

    /// <summary>The rows without the last ones, and these.</summary>
    internal (PerceiverRows<PerceiverFlowExample> Training, PerceiverRows<PerceiverFlowExample> Validation) Split(double fraction)
    {
        int last = (int)Math.Round(_count * fraction);
        if (last == 0 || last == _count)
            return (Rows, PerceiverFlowRows.FromList([]));
        return (PerceiverFlowRows.Generated(_generator, _count - last, Start), PerceiverFlowRows.Generated(_generator, last, Start + _count - last));
    }

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly GeneratedFlowDataView _view;
        private readonly HashSet<int> _active;
        private PerceiverFlowExample? _example;
        private long _position = -1;

        internal Cursor(GeneratedFlowDataView view, IEnumerable<DataViewSchema.Column> columns)
        {
            _view = view;
            _active = [.. columns.Select(c => c.Index)];
        }

        public override DataViewSchema Schema => _view.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            if (_position == _view._count)
                return false;
            _example = null;
            if (++_position < _view._count)
                return true;
            _position = _view._count;
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
                throw new ArgumentOutOfRangeException(nameof(column), $"The column '{column.Name}' is not active in this cursor.");
            Delegate getter = column.Index switch
            {
                0 => Getters.Scalar(() => Current.First.ToMLImage()),
                1 => Getters.Scalar(() => Current.Second.ToMLImage()),
                _ => Getters.Vector(() => Current.Flow.Values),
            };
            return getter as ValueGetter<TValue>
                ?? throw new ArgumentException($"The column '{column.Name}' has values of {column.Type.RawType}, not of {typeof(TValue)}.", nameof(column));
        }

        // Several columns of a row share one example, which is made when the first of them is asked for.
        private PerceiverFlowExample Current => _position < 0 || _position >= _view._count
            ? throw new InvalidOperationException("The cursor stands before the first row, or after the last.")
            : _example ??= _view.Rows.Read((int)_position);
    }
}
