namespace Microsoft.ML.Perceiver;

/// <summary>Training rows of a data view, and those set aside for validation.</summary>
internal static class TrainingRows
{
    /// <summary>Reads the rows of the training data, and those of the validation set or a share of the training rows instead.</summary>
    /// <typeparam name="T">What a row becomes.</typeparam>
    /// <param name="data">The training data.</param>
    /// <param name="options">The estimator's settings, with training.</param>
    /// <param name="read">Reads all rows of a data view.</param>
    /// <param name="mayBeEmpty">Whether there may be no training rows.</param>
    /// <exception cref="InvalidOperationException">There are no training rows.</exception>
    internal static (List<T> Training, List<T> Validation) ReadAndSplit<T>(
        IDataView data, PerceiverOptions options, Func<IDataView, List<T>> read, bool mayBeEmpty = false)
    {
        var rows = read(data);
        var training = options.Training!;
        var (train, validation) = options.ValidationSet is { } set
            ? (rows, read(set))
            : Split(rows, training.ValidationFraction, training.SeedOrDefault);
        return train.Count > 0 || mayBeEmpty ? (train, validation) : throw NoRows();
    }

    /// <summary>As <see cref="ReadAndSplit{T}(IDataView, PerceiverOptions, Func{IDataView, List{T}}, bool)"/>, row by row.</summary>
    /// <typeparam name="T">What a row becomes.</typeparam>
    /// <param name="data">The training data.</param>
    /// <param name="options">The estimator's settings, with training.</param>
    /// <param name="inputs">The columns to read.</param>
    /// <param name="createReader">Makes the function that reads a row of these columns.</param>
    /// <param name="mayBeEmpty">Whether there may be no training rows.</param>
    internal static (List<T> Training, List<T> Validation) ReadAndSplit<T>(
        IDataView data,
        PerceiverOptions options,
        IReadOnlyList<InputColumn> inputs,
        Func<DataViewRow, DataViewSchema.Column[], Func<T>> createReader,
        bool mayBeEmpty = false) => ReadAndSplit(
            data,
            options,
            view =>
            {
                var columns = inputs.Select(i => i.In(view.Schema)).ToArray();
                return Read(view, columns, row => createReader(row, columns));
            },
            mayBeEmpty);

    /// <summary>The error of training data without rows.</summary>
    internal static InvalidOperationException NoRows() => new("The training data has no rows.");

    /// <summary>Reads all rows.</summary>
    /// <typeparam name="T">What a row becomes.</typeparam>
    /// <param name="data">The data view.</param>
    /// <param name="columns">The columns to read.</param>
    /// <param name="createReader">Makes the function that reads a row.</param>
    /// <exception cref="InvalidOperationException">A row is at fault; the message gives its number.</exception>
    internal static List<T> Read<T>(IDataView data, IReadOnlyList<DataViewSchema.Column> columns, Func<DataViewRow, Func<T>> createReader)
    {
        var rows = new List<T>();
        using var cursor = data.GetRowCursor(columns);
        var read = createReader(cursor);
        while (cursor.MoveNext())
            rows.Add(StageRow.Read(read, cursor.Position));
        return rows;
    }

    /// <summary>The rows of which something can be learnt; the log says how many are left out.</summary>
    /// <typeparam name="T">What a row became.</typeparam>
    /// <param name="rows">The rows.</param>
    /// <param name="isLeftOut">Whether nothing can be learnt of a row.</param>
    /// <param name="what">What is said of such rows.</param>
    /// <param name="log">The log.</param>
    internal static List<T> LeaveOut<T>(List<T> rows, Predicate<T> isLeftOut, string what, Action<string> log)
    {
        var kept = rows.FindAll(row => !isLeftOut(row));
        if (kept.Count < rows.Count)
            log($"{rows.Count - kept.Count} of {rows.Count} texts {what} and are left out, as nothing can be learnt of them.");
        return kept;
    }

    /// <summary>Sets a share of the rows aside, the same for the same seed.</summary>
    internal static (List<T> Training, List<T> Validation) Split<T>(List<T> rows, double fraction, int seed)
    {
        int count = (int)Math.Round(rows.Count * fraction);
        if (count == 0 || count == rows.Count)
            return (rows, []);
        // Another sequence than the training's own, which begins with the order of the rows.
        using var random = new PerceiverRandom(seed + 0x5EED_0000L);
        int[] order = Enumerable.Range(0, rows.Count).ToArray();
        random.Shuffle<int>(order);
        var chosen = order.Take(count).ToHashSet();
        return (rows.Where((_, i) => !chosen.Contains(i)).ToList(), rows.Where((_, i) => chosen.Contains(i)).ToList());
    }
}
