namespace Microsoft.ML.Perceiver;

/// <summary>
/// A data view whose new columns are computed for many rows at once, when a cursor comes to them. Nothing is computed while no new column
/// is asked for.
/// </summary>
/// <typeparam name="TInput">What is read of a row.</typeparam>
/// <typeparam name="TOutput">What comes out for a row.</typeparam>
internal sealed class BatchDataView<TInput, TOutput> : UnexportableDataView
{
    private readonly IDataView _source;
    private readonly BatchStage<TInput, TOutput> _stage;
    private readonly ModelAccess _access;

    /// <summary>Puts a stage on a data view.</summary>
    /// <param name="source">The data view.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="access">Keeps the model while it scores.</param>
    internal BatchDataView(IDataView source, BatchStage<TInput, TOutput> stage, ModelAccess access)
    {
        _source = source;
        _stage = stage;
        _access = access;
        foreach (var input in stage.Inputs)
            input.In(source.Schema);
        Schema = OutputColumn.AddTo(source.Schema, stage.Outputs);
    }

    public override DataViewSchema Schema { get; }

    // Rows come in the order that the window was read in.
    public override bool CanShuffle => false;

    private protected override string Stage => _access.OwnerName;

    public override long? GetRowCount() => _source.GetRowCount();

    public override DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    public override DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        _access.Check();
        bool[] active = new bool[Schema.Count];
        foreach (var column in columnsNeeded)
            active[column.Index] = true;
        var passed = _source.Schema.Where(c => active[c.Index]).ToArray();
        if (!active.AsSpan(_source.Schema.Count).Contains(true))
            return new PassThroughCursor(Schema, _source.GetRowCursor(passed), active);
        return new BatchCursor<TInput, TOutput>(_source, _stage, Schema, active, passed, _access);
    }
}
