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

    public IDataView Transform(IDataView source, Action checkAlive) => new BatchDataView<TInput, TOutput>(source, this, checkAlive);

    public IRowToRowMapper CreateMapper(DataViewSchema inputSchema, Action checkAlive) =>
        new StageRowMapper<TInput, TOutput>(this, inputSchema, checkAlive);

    /// <summary>Makes a function that reads the inputs of a cursor's row. Its result must not share memory with the row.</summary>
    /// <param name="row">The row, or cursor.</param>
    /// <param name="columns">The input columns in the row's schema, in the order of <see cref="Inputs"/>.</param>
    internal abstract Func<TInput> CreateReader(DataViewRow row, DataViewSchema.Column[] columns);

    /// <summary>Scores the rows of a window: a result for each.</summary>
    /// <exception cref="RowException">One row is at fault.</exception>
    internal abstract TOutput[] Score(IReadOnlyList<TInput> window);
}
