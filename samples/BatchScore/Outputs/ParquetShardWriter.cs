using Parquet;
using Parquet.Schema;

namespace BatchScore.Outputs;

/// <summary>Writes Parquet files. A row group is in memory until it is written.</summary>
internal sealed class ParquetShardWriter : ShardWriter
{
    private const int GroupRows = 16_384;

    private readonly FileStream _stream;
    private readonly ParquetWriter _writer;
    private readonly ParquetSchema _schema;
    private readonly IReadOnlyList<OutputField> _fields;
    private readonly List<string> _files = [];
    private readonly List<long> _numbers = [];
    private readonly List<object?[]> _rows = [];
    private bool _isFinished;

    /// <summary>Creates the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fields">The fields after file and row.</param>
    public ParquetShardWriter(string path, IReadOnlyList<OutputField> fields)
    {
        _fields = fields;
        _schema = new ParquetSchema([new DataField<string>("File"), new DataField<long>("Row"), .. fields.Select(FieldOf)]);
        _stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        _writer = ParquetWriter.CreateAsync(_schema, _stream).GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="ShardWriter.ReadRows"/>
    public static IEnumerable<(string File, long Row)> ReadRowsOf(string path)
    {
        using var stream = File.OpenRead(path);
        var reader = ParquetReader.CreateAsync(stream, leaveStreamOpen: true).GetAwaiter().GetResult();
        foreach (var group in reader.RowGroups)
        {
            string?[] files = new string?[group.RowCount];
            long[] rows = new long[group.RowCount];
            group.ReadAsync(reader.Schema.DataFields[0], files.AsMemory(), null, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            group.ReadAsync(reader.Schema.DataFields[1], rows.AsMemory(), null, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            for (int i = 0; i < rows.Length; i++)
                yield return (files[i]!, rows[i]);
        }
    }

    /// <inheritdoc/>
    public override void Write(string file, long row, object?[] cells)
    {
        _files.Add(file);
        _numbers.Add(row);
        _rows.Add(cells);
        if (_rows.Count == GroupRows)
            WriteGroup();
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        if (_rows.Count > 0)
            WriteGroup();
        Close();
        _stream.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Close();
        _stream.Dispose();
    }

    private static Field FieldOf(OutputField field) => field.Kind switch
    {
        OutputKind.Text => new DataField<string>(field.Name),
        OutputKind.Boolean => new DataField<bool>(field.Name),
        OutputKind.Integer => new DataField<long>(field.Name),
        OutputKind.Single => new DataField<float>(field.Name),
        OutputKind.Double => new DataField<double>(field.Name),
        _ => new ListField(field.Name, new DataField<float>("element")),
    };

    // The end of the file is written by the writer's own end.
    private void Close()
    {
        if (_isFinished)
            return;
        _isFinished = true;
        _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private void WriteGroup()
    {
        using (var group = _writer.CreateRowGroup())
        {
            var fields = _schema.DataFields;
            group.WriteAsync(fields[0], _files).GetAwaiter().GetResult();
            group.WriteAsync<long>(fields[1], _numbers.ToArray()).GetAwaiter().GetResult();
            for (int i = 0; i < _fields.Count; i++)
                WriteField(group, fields[i + 2], _fields[i].Kind, i).GetAwaiter().GetResult();
            group.CompleteValidate();
        }

        _files.Clear();
        _numbers.Clear();
        _rows.Clear();
    }

    private Task WriteField(ParquetRowGroupWriter group, DataField field, OutputKind kind, int index)
    {
        switch (kind)
        {
            case OutputKind.Text:
                return group.WriteAsync(field, _rows.ConvertAll(row => (string)row[index]!));
            case OutputKind.Boolean:
                return group.WriteAsync<bool>(field, Values<bool>(index));
            case OutputKind.Integer:
                return group.WriteAsync<long>(field, Values<long>(index));
            case OutputKind.Single:
                return group.WriteAsync<float>(field, Values<float>(index));
            case OutputKind.Double:
                return group.WriteAsync<double>(field, Values<double>(index));
            default:
                var lists = _rows.ConvertAll(row => (float[])row[index]!);
                // An empty list has one entry, a level lower.
                int[] levels = [.. lists.SelectMany(list => Enumerable.Repeat(list.Length > 0 ? 2 : 1, Math.Max(1, list.Length)))];
                int[] repetitions =
                    [.. lists.SelectMany(list => Enumerable.Range(0, Math.Max(1, list.Length)).Select(i => Math.Min(i, 1)))];
                float[] values = [.. lists.SelectMany(list => list)];
                return group.WriteAllPartsAsync<float>(field, values, levels, repetitions, CancellationToken.None);
        }
    }

    private ReadOnlyMemory<T> Values<T>(int index) => _rows.Select(row => (T)row[index]!).ToArray();
}
