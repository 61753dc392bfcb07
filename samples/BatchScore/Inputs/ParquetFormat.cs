using BatchScore.Scoring;
using Parquet;
using Parquet.Schema;

namespace BatchScore.Inputs;

/// <summary>Parquet files. One row group is in memory at a time, with the columns that are needed.</summary>
internal sealed class ParquetFormat : RowFormat
{
    // Several shards may lie in one row group.
    private (string Path, int Group, ParquetColumn[][] Columns)? _last;

    /// <inheritdoc/>
    public override IReadOnlyList<FieldMap> Map(IReadOnlyList<ModelColumn> columns, IReadOnlyList<FieldMap> asked) =>
        ByName(columns, asked);

    /// <inheritdoc/>
    public override FileScan Scan(
        InputFile file, IReadOnlyList<ModelColumn> columns, IReadOnlyList<FieldMap> maps, long firstCut, long every)
    {
        using var opened = new OpenFile(file);
        for (int i = 0; i < columns.Count; i++)
        {
            foreach (var field in Fields(file, opened.Reader, maps[i]))
            {
                bool isList = field.MaxRepetitionLevel > 0;
                if (!columns[i].Accepts(field.ClrType, isList, maps[i].Fields.Count))
                {
                    string many = isList ? "lists of " : "";
                    throw new FormatException(
                        $"'{file.Name}': the column '{field.Path.FirstPart}' has {many}{NameOf(field.ClrType)}, and '{columns[i].Name}' "
                        + $"of the model takes {columns[i].TypeName}.");
                }
            }
        }

        long rows = opened.Reader.RowGroups.Sum(group => group.RowCount);
        // A row is found by its number.
        var cuts = new List<long>();
        for (long cut = firstCut; cut < rows; cut += every)
            cuts.Add(0);
        return new FileScan(rows, 0, cuts);
    }

    /// <inheritdoc/>
    public override IEnumerable<SourceRow> Read(
        InputFile file, IReadOnlyList<ModelColumn> columns, IReadOnlyList<FieldMap> maps, long firstRow, long offset)
    {
        using var opened = new OpenFile(file);
        long before = 0;
        for (int group = 0; group < opened.Reader.RowGroupCount; group++)
        {
            long rows = opened.Reader.RowGroups[group].RowCount;
            if (firstRow < before + rows)
            {
                var values = ReadGroup(file, opened.Reader, maps, group, (int)rows);
                for (int row = (int)Math.Max(0, firstRow - before); row < rows; row++)
                    yield return Row(values, row, before + row + 1);
            }

            before += rows;
        }
    }

    private static SourceRow Row(ParquetColumn[][] columns, int row, long number)
    {
        try
        {
            object?[][] cells = Array.ConvertAll(columns, fields => Array.ConvertAll(fields, field => field.At(row)));
            return new SourceRow(number, cells, cells.Sum(cell => cell.Sum(Weight)), Error: null);
        }
        catch (BadRowException e)
        {
            return SourceRow.Bad(number, e.Message);
        }
    }

    private static int Weight(object? value) => value switch
    {
        string text => 2 * text.Length,
        byte[] bytes => bytes.Length,
        Array array => 8 * array.Length,
        _ => 8,
    };

    private ParquetColumn[][] ReadGroup(InputFile file, ParquetReader reader, IReadOnlyList<FieldMap> maps, int group, int rows)
    {
        if (_last is { } last && last.Path == file.Path && last.Group == group)
            return last.Columns;
        // The memory of the one before is free while this one is read.
        _last = null;
        ParquetColumn[][] columns =
            [.. maps.Select(map => Fields(file, reader, map).Select(field => ReadColumn(reader, field, group, rows)).ToArray())];
        _last = (file.Path, group, columns);
        return columns;
    }

    private static ParquetColumn ReadColumn(ParquetReader reader, DataField field, int group, int rows)
    {
        using var raw = reader.RowGroups[group].ReadRawColumnDataBaseAsync(field, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return ParquetColumn.Of(field, raw, rows);
    }

    private static IEnumerable<DataField> Fields(InputFile file, ParquetReader reader, FieldMap map) =>
        map.Fields.Select(name => reader.Schema.Fields.FirstOrDefault(field => field.Name == name) switch
        {
            DataField field => field,
            ListField { Item: DataField item } => item,
            null => throw new FormatException(
                $"'{file.Name}' has no column '{name}' for the model's '{map.Column}'; it has "
                + $"{string.Join(", ", reader.Schema.Fields.Select(field => field.Name))}. --column COLUMN=FIELD names another."),
            { } other => throw new FormatException(
                $"'{file.Name}': the column '{name}' is a {other.SchemaType}; only values and lists of values are read."),
        });

    private static string NameOf(Type type) =>
        type == typeof(ReadOnlyMemory<char>) ? "String" : type == typeof(ReadOnlyMemory<byte>) ? "bytes" : type.Name;

    private sealed class OpenFile : IDisposable
    {
        private readonly FileStream _stream;

        internal OpenFile(InputFile file)
        {
            _stream = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            try
            {
                Reader = ParquetReader.CreateAsync(_stream, leaveStreamOpen: true).GetAwaiter().GetResult();
            }
            catch (Exception e) when (e is IOException or InvalidDataException or InvalidOperationException or ArgumentException
                or ParquetException)
            {
                _stream.Dispose();
                throw new FormatException($"'{file.Name}' is no Parquet file: {e.Message}", e);
            }
        }

        internal ParquetReader Reader { get; }

        public void Dispose()
        {
            Reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
            _stream.Dispose();
        }
    }
}
