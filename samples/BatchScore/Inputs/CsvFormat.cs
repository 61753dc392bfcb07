using BatchScore.Scoring;

namespace BatchScore.Inputs;

/// <summary>Comma-separated values, with a header. Blank lines are no rows.</summary>
/// <param name="delimiter">What separates fields; null: a tab in .tsv files, otherwise a comma.</param>
internal sealed class CsvFormat(char? delimiter) : RowFormat
{
    /// <inheritdoc/>
    public override IReadOnlyList<FieldMap> Map(IReadOnlyList<ModelColumn> columns, IReadOnlyList<FieldMap> asked) =>
        ByName(columns, asked);

    /// <inheritdoc/>
    public override FileScan Scan(
        InputFile file, IReadOnlyList<ModelColumn> columns, IReadOnlyList<FieldMap> maps, long firstCut, long every)
    {
        using var reader = Open(file, 0);
        var header = ReadHeader(file, reader);
        Places(file, header, maps);
        if (columns.FirstOrDefault(column => column.IsBytes) is { } image)
            throw new FormatException($"'{file.Name}': csv cannot give the column '{image.Name}', which is {image.TypeName}.");
        long first = reader.Offset, rows = 0;
        var cuts = new List<long>();
        for (long offset = first; reader.Next(out var record); offset = reader.Offset)
        {
            if (reader.IsUnfinished)
                throw new FormatException($"'{file.Name}', row {rows + 1}: a quote is not closed before the file's end.");
            if (record.IsEmpty)
                continue;
            if (rows >= firstCut && (rows - firstCut) % every == 0)
                cuts.Add(offset);
            rows++;
        }

        return new FileScan(rows, first, cuts);
    }

    /// <inheritdoc/>
    public override IEnumerable<SourceRow> Read(
        InputFile file, IReadOnlyList<ModelColumn> columns, IReadOnlyList<FieldMap> maps, long firstRow, long offset)
    {
        List<string> header;
        using (var top = Open(file, 0))
        {
            header = ReadHeader(file, top);
            // The first row of a file is said to begin with it.
            offset = Math.Max(offset, top.Offset);
        }

        int[][] places = Places(file, header, maps);
        using var reader = Open(file, offset);
        long number = firstRow + 1;
        while (NextRow(file, reader, header.Count, places, number) is { } row)
        {
            yield return row;
            number++;
        }
    }

    private SourceRow? NextRow(InputFile file, RecordReader reader, int width, int[][] places, long number)
    {
        ReadOnlySpan<byte> record;
        do
        {
            if (!reader.Next(out record))
                return null;
        }
        while (record.IsEmpty);
        try
        {
            var fields = CsvRecord.Fields(record, Delimiter(file));
            if (fields.Count != width)
                return SourceRow.Bad(number, $"it has {fields.Count} fields; the header names {width}.");
            object?[][] cells = Array.ConvertAll(places, place => Array.ConvertAll<int, object?>(place, i => fields[i]));
            return new SourceRow(number, cells, 2 * record.Length, Error: null);
        }
        catch (BadRowException e)
        {
            return SourceRow.Bad(number, e.Message);
        }
    }

    private static int[][] Places(InputFile file, List<string> header, IReadOnlyList<FieldMap> maps) =>
        [.. maps.Select(map => map.Fields.Select(field => Place(file, header, field, map)).ToArray())];

    private static int Place(InputFile file, List<string> header, string field, FieldMap map)
    {
        int place = header.IndexOf(field);
        return place >= 0
            ? place
            : throw new FormatException(
                $"'{file.Name}' has no field '{field}' for the column '{map.Column}'; its header names {string.Join(", ", header)}. "
                + "--column COLUMN=FIELD names another field.");
    }

    private List<string> ReadHeader(InputFile file, RecordReader reader)
    {
        if (!reader.Next(out var record) || record.IsEmpty)
            throw new FormatException($"'{file.Name}' does not begin with a header line.");
        try
        {
            var header = CsvRecord.Fields(record, Delimiter(file));
            return header.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice
                ? throw new FormatException($"The header of '{file.Name}' names '{twice.Key}' twice.")
                : header;
        }
        catch (BadRowException e)
        {
            throw new FormatException($"The header of '{file.Name}': {e.Message}");
        }
    }

    private RecordReader Open(InputFile file, long offset)
    {
        byte separator = Delimiter(file);
        return new RecordReader(
            file, offset, (ReadOnlySpan<byte> bytes, out bool isInside) => CsvRecord.End(bytes, separator, out isInside));
    }

    private byte Delimiter(InputFile file) =>
        (byte)(delimiter ?? (file.Name.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ','));
}
