namespace Microsoft.ML.Perceiver;

/// <summary>What a head gives the shared stage: columns to values, several values to as many results, results to columns.</summary>
internal interface IBatchStage
{
    /// <summary>The columns it reads.</summary>
    IReadOnlyList<InputColumn> Inputs { get; }

    /// <summary>The columns it writes.</summary>
    IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>Rows read ahead and scored together; the head may split them as it likes.</summary>
    int WindowSize { get; }

    /// <summary>
    /// Whether the next window is read by another thread while this one is scored: for inputs that are work to read, as pictures are.
    /// </summary>
    bool ReadsAhead { get; }

    /// <summary>Makes a function that reads the inputs of the row a cursor stands on. Its result must not share memory with the row.</summary>
    /// <param name="row">The row, or cursor.</param>
    /// <param name="columns">The input columns in the row's schema, in the order of <see cref="Inputs"/>.</param>
    Func<object> CreateReader(DataViewRow row, DataViewSchema.Column[] columns);

    /// <summary>Scores the rows of a window.</summary>
    /// <exception cref="RowException">One row is at fault.</exception>
    object[] Score(IReadOnlyList<object> window);

    /// <summary>Makes the getter of an output column.</summary>
    /// <param name="output">The column's index in <see cref="Outputs"/>.</param>
    /// <param name="current">Gives the result of the current row.</param>
    Delegate CreateGetter(int output, Func<object> current);
}
