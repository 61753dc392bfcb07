using BatchScore.Scoring;

namespace BatchScore.Inputs;

/// <summary>Each line a text, empty ones too.</summary>
internal sealed class LineFormat : RowFormat
{
    /// <inheritdoc/>
    public override IReadOnlyList<FieldMap> Map(IReadOnlyList<ModelColumn> columns, IReadOnlyList<FieldMap> asked) =>
        Single("lines", columns, asked, column => column.IsText);

    /// <inheritdoc/>
    public override FileScan Scan(
        InputFile file, IReadOnlyList<ModelColumn> columns, IReadOnlyList<FieldMap> maps, long firstCut, long every)
    {
        using var reader = new RecordReader(file, 0, End);
        long first = reader.Offset, rows = 0;
        var cuts = new List<long>();
        for (long offset = first; reader.Next(out _); offset = reader.Offset, rows++)
        {
            if (rows >= firstCut && (rows - firstCut) % every == 0)
                cuts.Add(offset);
        }

        return new FileScan(rows, first, cuts);
    }

    /// <inheritdoc/>
    public override IEnumerable<SourceRow> Read(
        InputFile file, IReadOnlyList<ModelColumn> columns, IReadOnlyList<FieldMap> maps, long firstRow, long offset)
    {
        using var reader = new RecordReader(file, offset, End);
        long number = firstRow;
        while (NextRow(reader, ++number) is { } row)
            yield return row;
    }

    private static SourceRow? NextRow(RecordReader reader, long number)
    {
        if (!reader.Next(out var line))
            return null;
        try
        {
            string text = Utf8Text.Of(line);
            return new SourceRow(number, [[text]], 2 * text.Length, Error: null);
        }
        catch (BadRowException e)
        {
            return SourceRow.Bad(number, e.Message);
        }
    }

    private static int End(ReadOnlySpan<byte> bytes, out bool isInside)
    {
        isInside = false;
        return bytes.IndexOf((byte)'\n');
    }
}
