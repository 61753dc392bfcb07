namespace BatchScore.Outputs;

/// <summary>Writes a shard's rows to a file. It is whole when <see cref="Finish"/> has returned.</summary>
internal abstract class ShardWriter : IDisposable
{
    /// <summary>The names that --out-format takes.</summary>
    public static string[] Formats { get; } = ["tsv", "parquet"];

    /// <summary>Opens a file for writing.</summary>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="path">The file, which is not there yet.</param>
    /// <param name="fields">The fields after file and row.</param>
    public static ShardWriter Create(string format, string path, IReadOnlyList<OutputField> fields) =>
        format == "tsv" ? new TsvShardWriter(path, fields) : new ParquetShardWriter(path, fields);

    /// <summary>The names and numbers of the rows of a file, in its order.</summary>
    /// <param name="path">The file.</param>
    public static IEnumerable<(string File, long Row)> ReadRows(string path) =>
        path.EndsWith(".parquet", StringComparison.Ordinal) ? ParquetShardWriter.ReadRowsOf(path) : TsvShardWriter.ReadRowsOf(path);

    /// <summary>Writes a row.</summary>
    /// <param name="file">The file it is from.</param>
    /// <param name="row">Its number there.</param>
    /// <param name="cells">A value for each field.</param>
    public abstract void Write(string file, long row, object?[] cells);

    /// <summary>Writes what is still in memory, and waits until the disk has it.</summary>
    public abstract void Finish();

    /// <inheritdoc/>
    public abstract void Dispose();
}
