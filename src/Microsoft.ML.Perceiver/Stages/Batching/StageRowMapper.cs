using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>The stage row by row, as prediction engines use it.</summary>
/// <typeparam name="TInput">What is read of a row.</typeparam>
/// <typeparam name="TOutput">What comes out for a row.</typeparam>
internal sealed class StageRowMapper<TInput, TOutput> : IRowToRowMapper
{
    private readonly BatchStage<TInput, TOutput> _stage;
    private readonly ModelAccess _access;
    private readonly Action<DataViewRow> _beginRow;

    internal StageRowMapper(
        BatchStage<TInput, TOutput> stage, DataViewSchema inputSchema, ModelAccess access, Action<DataViewRow> beginRow)
    {
        _stage = stage;
        _access = access;
        _beginRow = beginRow;
        foreach (var input in stage.Inputs)
            input.In(inputSchema);
        InputSchema = inputSchema;
        OutputSchema = OutputColumn.AddTo(inputSchema, stage.Outputs);
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        bool[] needed = new bool[InputSchema.Count];
        foreach (var column in dependingColumns)
        {
            if (column.Index < InputSchema.Count)
            {
                needed[column.Index] = true;
                continue;
            }

            foreach (var input in _stage.Inputs)
                needed[input.In(InputSchema).Index] = true;
        }

        return InputSchema.Where(c => needed[c.Index]);
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        bool[] active = new bool[OutputSchema.Count];
        foreach (var column in activeColumns)
            active[column.Index] = true;
        _beginRow(input);
        return new Row(this, input, active);
    }

    private sealed class Row(StageRowMapper<TInput, TOutput> mapper, DataViewRow input, bool[] active) : DataViewRow
    {
        private readonly ModelPass _pass = new(mapper._access);
        private Func<TInput>? _reader;
        private TOutput[] _result = [];
        private long _resultPosition = -1;

        public override DataViewSchema Schema => mapper.OutputSchema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!active[column.Index])
                throw new ArgumentOutOfRangeException(nameof(column), $"The column '{column.Name}' is not active in this row.");
            if (column.Index < mapper.InputSchema.Count)
                return input.GetGetter<TValue>(input.Schema[column.Index]);
            _reader ??= mapper._stage.CreateReader(input, mapper._stage.Inputs.Select(i => i.In(input.Schema)).ToArray());
            return mapper._stage.CreateGetter<TValue>(column.Index - mapper.InputSchema.Count, Result, column, _pass);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
            base.Dispose(disposing);
        }

        // Several columns of one row share one forward pass.
        private TOutput Result()
        {
            if (_result.Length > 0 && _resultPosition == input.Position && input.Position >= 0)
                return _result[0];
            using var use = _pass.Enter();
            _result = [];
            // The position of a prediction engine's row is the number of calls.
            long? number = input is DataViewRowCursor ? Math.Max(0, input.Position) : null;
            var read = StageRow.Read(_reader!, number);
            _result = StageRow.Score(mapper._stage, [read], number);
            _resultPosition = input.Position;
            return _result[0];
        }
    }
}
