using BatchScore.Scoring;

namespace BatchScore.Inputs;

/// <summary>How rows are found in files.</summary>
internal abstract class RowFormat
{
    // What a file's name ends with says its format where none is asked for.
    private static readonly (string Format, string[] Endings)[] s_endings =
    [
        ("lines", [".txt"]),
        ("csv", [".csv", ".tsv"]),
        ("parquet", [".parquet"]),
        ("images", [".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp"]),
    ];

    /// <summary>The names that --format takes.</summary>
    public static string[] Names { get; } = [.. s_endings.Select(e => e.Format)];

    /// <summary>How many rows are scored together at most.</summary>
    public virtual int ChunkRows => 1024;

    /// <summary>The format of that name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="delimiter">What separates the fields of csv; null: a tab in .tsv files, otherwise a comma.</param>
    public static RowFormat Of(string name, char? delimiter) => name switch
    {
        "lines" => new LineFormat(),
        "csv" => new CsvFormat(delimiter),
        "parquet" => new ParquetFormat(),
        "images" => new ImageFormat(),
        _ => throw new ArgumentException($"--format is '{name}'; it must be one of {string.Join(", ", Names)}."),
    };

    /// <summary>The format that a file's name tells of; null where it tells of none.</summary>
    /// <param name="path">The file.</param>
    public static string? NameOf(string path)
    {
        string ending = Path.GetExtension(path);
        return s_endings.FirstOrDefault(e => e.Endings.Contains(ending, StringComparer.OrdinalIgnoreCase)).Format;
    }

    /// <summary>Decides which fields of the files the model's columns are made of.</summary>
    /// <param name="columns">The columns that the outputs depend on.</param>
    /// <param name="asked">What the command says of columns.</param>
    /// <exception cref="ArgumentException">The format cannot give these columns.</exception>
    public abstract IReadOnlyList<FieldMap> Map(IReadOnlyList<ModelColumn> columns, IReadOnlyList<FieldMap> asked);

    /// <summary>Counts a file's rows and notes where shards begin. What is wrong with all its rows is an error.</summary>
    /// <param name="file">The file.</param>
    /// <param name="columns">The columns that its rows must give.</param>
    /// <param name="maps">Which fields they are made of.</param>
    /// <param name="firstCut">The row, from 0, that is the first to begin a shard, if it is not row 0.</param>
    /// <param name="every">How many rows later the next one does.</param>
    /// <exception cref="FormatException">It has no such rows; the message names the file.</exception>
    public abstract FileScan Scan(
        InputFile file, IReadOnlyList<ModelColumn> columns, IReadOnlyList<FieldMap> maps, long firstCut, long every);

    /// <summary>Opens a file for reading its rows.</summary>
    /// <param name="file">The file.</param>
    /// <param name="columns">The columns that its rows give.</param>
    /// <param name="maps">Which fields they are made of.</param>
    /// <param name="firstRow">The first row, from 0.</param>
    /// <param name="offset">The byte at which it begins; of the first row also 0.</param>
    public abstract IEnumerable<SourceRow> Read(
        InputFile file, IReadOnlyList<ModelColumn> columns, IReadOnlyList<FieldMap> maps, long firstRow, long offset);

    /// <summary>Fields by name: those that the command maps, and for other columns the field of the column's name.</summary>
    protected static IReadOnlyList<FieldMap> ByName(IReadOnlyList<ModelColumn> columns, IReadOnlyList<FieldMap> asked)
    {
        if (asked.FirstOrDefault(map => columns.All(column => column.Name != map.Column)) is { } unknown)
        {
            throw new ArgumentException(
                $"--column names '{unknown.Column}', which the outputs do not depend on; they depend on {ModelColumn.List(columns)}.");
        }

        return [.. columns.Select(column => asked.FirstOrDefault(map => map.Column == column.Name) ?? new(column.Name, [column.Name]))];
    }

    /// <summary>The one column that a format without fields gives.</summary>
    protected static IReadOnlyList<FieldMap> Single(
        string format, IReadOnlyList<ModelColumn> columns, IReadOnlyList<FieldMap> asked, Func<ModelColumn, bool> fits)
    {
        if (asked.Count > 0)
            throw new ArgumentException($"--column is for csv and parquet; {format} have no fields.");
        return columns is [var column] && fits(column)
            ? [new(column.Name, [])]
            : throw new ArgumentException($"{format} give one column; the outputs depend on {ModelColumn.List(columns)}.");
    }
}
