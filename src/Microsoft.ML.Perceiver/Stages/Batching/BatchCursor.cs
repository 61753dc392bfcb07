using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Reads a window of rows, scores them together, and then gives them out one by one. Each row of the source is read once, by one cursor:
/// the columns that pass through are kept with the window. Where the stage asks for it, the next window is read while one is scored;
/// what is kept has room for two then.
/// </summary>
/// <typeparam name="TInput">What is read of a row.</typeparam>
/// <typeparam name="TOutput">What comes out for a row.</typeparam>
internal sealed class BatchCursor<TInput, TOutput> : DataViewRowCursor
{
    private readonly DataViewRowCursor _source;
    private readonly BatchStage<TInput, TOutput> _stage;
    private readonly bool[] _active;
    private readonly int _sourceColumns;
    private readonly ModelAccess _access;
    private readonly ModelPass _pass;
    private readonly Func<TInput> _reader;
    private readonly ValueGetter<DataViewRowId> _idGetter;
    private readonly Dictionary<int, ColumnBuffer> _buffers = [];
    private readonly int _windowSize;
    private readonly DataViewRowId[] _ids;
    private readonly TextCuts? _cuts;
    private Task<Window>? _ahead;
    private Window _window = new([], 0, 0);
    private TOutput[] _results = [];
    private int _slot = -1;
    private long _position = -1;
    private bool _ended;

    internal BatchCursor(
        IDataView source,
        BatchStage<TInput, TOutput> stage,
        DataViewSchema schema,
        bool[] active,
        DataViewSchema.Column[] passed,
        ModelAccess access)
    {
        _stage = stage;
        _active = active;
        _sourceColumns = source.Schema.Count;
        _access = access;
        _pass = new ModelPass(access);
        Schema = schema;
        var inputs = stage.Inputs.Select(i => i.In(source.Schema)).ToArray();
        _windowSize = stage.WindowSize;
        _cuts = stage.LengthLimit is { } limit ? new TextCuts(limit) : null;
        int room = stage.ReadsAhead ? checked(2 * _windowSize) : _windowSize;
        _source = source.GetRowCursor(passed.Concat(inputs).DistinctBy(c => c.Index));
        try
        {
            foreach (var column in passed)
                _buffers[column.Index] = ColumnBuffer.Create(_source, column, room);
            _reader = stage.CreateReader(new BufferedRow(_source, _buffers), inputs);
            _idGetter = _source.GetIdGetter();
        }
        catch
        {
            _source.Dispose();
            throw;
        }

        _ids = new DataViewRowId[room];
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _position;

    // One cursor gives all rows in order, so they are one batch.
    public override long Batch => 0;

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _ids[KeptSlot()];

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override bool MoveNext()
    {
        if (_ended)
            return false;
        if (++_slot >= _results.Length)
        {
            Fill();
            _slot = 0;
            if (_results.Length == 0)
            {
                _ended = true;
                _position = -1;
                return false;
            }
        }

        _position++;
        return true;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!_active[column.Index])
            throw new ArgumentOutOfRangeException(nameof(column), $"The column '{column.Name}' is not active in this cursor.");
        if (column.Index >= _sourceColumns)
            return _stage.CreateGetter<TValue>(column.Index - _sourceColumns, () => _results[CurrentSlot()], column, _pass);
        return Getters.Typed<TValue>(_buffers[column.Index].CreateGetter(KeptSlot), column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ended = true;
            // The source must not be released under the thread that reads it.
            ((IAsyncResult?)_ahead)?.AsyncWaitHandle.WaitOne();
            _source.Dispose();
            foreach (var buffer in _buffers.Values)
                buffer.Clear();
            _cuts?.Report(_access.Log);
        }

        base.Dispose(disposing);
    }

    private int CurrentSlot() =>
        _position < 0 ? throw new InvalidOperationException("The cursor stands before the first row, or after the last.") : _slot;

    private int KeptSlot() => _window.Offset + CurrentSlot();

    private void Fill()
    {
        _pass.Check();
        try
        {
            _window = _ahead is null ? Read(_position + 1, 0) : _ahead.GetAwaiter().GetResult();
            _ahead = null;
            if (_window.Rows.Count == _windowSize && _stage.ReadsAhead)
            {
                long next = _window.Start + _windowSize;
                int offset = _windowSize - _window.Offset;
                _ahead = Task.Run(() => Read(next, offset));
            }

            using var use = _pass.Enter();
            _results = _window.Rows.Count == 0 ? [] : StageRow.Score(_stage, _window.Rows, _window.Start);
        }
        catch (Exception e)
        {
            _ended = true;
            // Stages behind this one may read it in threads of their own, and ML.NET's exception then does not say what happened.
            if (e is InvalidOperationException and not ObjectDisposedException)
                _access.Log(e.Message);
            throw;
        }
    }

    private Window Read(long start, int offset)
    {
        var rows = new List<TInput>(_windowSize);
        while (rows.Count < _windowSize && MoveSource())
        {
            int slot = offset + rows.Count;
            _idGetter(ref _ids[slot]);
            var input = StageRow.Read(_reader, start + rows.Count);
            foreach (var buffer in _buffers.Values)
                StageRow.Keep(buffer, slot, start + rows.Count);
            _cuts?.Count(_stage.IsCut(input));
            rows.Add(input);
        }

        return new Window(rows, offset, start);
    }

    private bool MoveSource()
    {
        try
        {
            return _source.MoveNext();
        }
        catch (InvalidOperationException e) when (e.InnerException is not null && e.GetBaseException() is IOException cause)
        {
            // ML.NET reads some sources in threads of its own, and says only in the inner exception which file it misses.
            throw new InvalidOperationException($"{e.Message}: {cause.Message}", e);
        }
    }

    /// <summary>Rows that were read together.</summary>
    /// <param name="Rows">What the stage reads of each.</param>
    /// <param name="Offset">Where what is kept of them begins.</param>
    /// <param name="Start">The first one's number in the data.</param>
    private sealed record Window(List<TInput> Rows, int Offset, long Start);
}
