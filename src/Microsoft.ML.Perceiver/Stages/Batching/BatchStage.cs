using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>What a head gives the shared stage: columns to values, several values to as many results, results to columns.</summary>
/// <typeparam name="TInput">What is read of a row.</typeparam>
/// <typeparam name="TOutput">What comes out for a row.</typeparam>
internal abstract class BatchStage<TInput, TOutput> : IStage
{
    public abstract IReadOnlyList<InputColumn> Inputs { get; }

    public abstract IReadOnlyList<OutputColumn<TOutput>> Outputs { get; }

    IReadOnlyList<OutputColumn> IStage.Outputs => Outputs;

    /// <summary>Rows read ahead and scored together; the head may split them as it likes.</summary>
    internal abstract int WindowSize { get; }

    /// <summary>
    /// Whether another thread reads the next window while this one is scored: for inputs that are work to read, as images are.
    /// </summary>
    internal virtual bool ReadsAhead => false;

    /// <summary>
    /// Whether the model still computes when a column is read: for results that are decoded only where they are asked for.
    /// </summary>
    internal virtual bool ComputesWhenRead => false;

    /// <summary>The stage as one data view uses it; it may keep results for as long as the view lives.</summary>
    internal virtual BatchStage<TInput, TOutput> ForView() => this;

    public IDataView Transform(IDataView source, ModelAccess access) => new BatchDataView<TInput, TOutput>(source, ForView(), access);

    public IRowToRowMapper CreateMapper(DataViewSchema inputSchema, ModelAccess access, Action<DataViewRow> beginRow) =>
        new StageRowMapper<TInput, TOutput>(this, inputSchema, access, beginRow);

    /// <summary>The most tokens of a text; null for inputs that are no texts.</summary>
    internal virtual int? LengthLimit => null;

    /// <summary>Whether an input's end was not read, as it is longer than <see cref="LengthLimit"/>.</summary>
    internal virtual bool IsCut(TInput input) => false;

    /// <summary>Makes a function that reads the inputs of a cursor's row. Its result must not share memory with the row.</summary>
    /// <param name="row">The row, or cursor.</param>
    /// <param name="columns">The input columns in the row's schema, in the order of <see cref="Inputs"/>.</param>
    internal abstract Func<TInput> CreateReader(DataViewRow row, DataViewSchema.Column[] columns);

    /// <summary>Scores the rows of a window: a result for each.</summary>
    /// <exception cref="RowException">One row is at fault.</exception>
    internal abstract TOutput[] Score(IReadOnlyList<TInput> window);

    /// <summary>Makes the getter of an output column, typed as its reader wants it; it keeps the model while it computes.</summary>
    /// <param name="output">The column's index in <see cref="Outputs"/>.</param>
    /// <param name="current">Gives the result of the current row.</param>
    /// <param name="column">The column, for messages.</param>
    /// <param name="pass">Keeps the model.</param>
    internal ValueGetter<TValue> CreateGetter<TValue>(
        int output, Func<TOutput> current, DataViewSchema.Column column, ModelPass pass)
    {
        var getter = Getters.Typed<TValue>(Outputs[output].CreateGetter(current), column);
        if (!ComputesWhenRead)
            return getter;
        return (ref TValue value) =>
        {
            using var use = pass.Enter();
            getter(ref value);
        };
    }
}
