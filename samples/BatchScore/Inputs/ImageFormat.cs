using BatchScore.Scoring;

namespace BatchScore.Inputs;

/// <summary>Each file an image, which is a row. It is decoded when it is scored.</summary>
internal sealed class ImageFormat : RowFormat
{
    /// <inheritdoc/>
    public override int ChunkRows => 64;

    /// <inheritdoc/>
    public override IReadOnlyList<FieldMap> Map(IReadOnlyList<ModelColumn> columns, IReadOnlyList<FieldMap> asked) =>
        Single("images", columns, asked, column => column.IsBytes || column.IsText);

    /// <inheritdoc/>
    public override FileScan Scan(
        InputFile file, IReadOnlyList<ModelColumn> columns, IReadOnlyList<FieldMap> maps, long firstCut, long every) => new(1, 0, []);

    /// <inheritdoc/>
    public override IEnumerable<SourceRow> Read(
        InputFile file, IReadOnlyList<ModelColumn> columns, IReadOnlyList<FieldMap> maps, long firstRow, long offset)
    {
        // A model that loads images itself is given their paths.
        if (columns[0].IsText)
        {
            yield return new SourceRow(1, [[file.Path]], 2 * file.Path.Length, Error: null);
            yield break;
        }

        byte[] bytes = File.ReadAllBytes(file.Path);
        yield return new SourceRow(1, [[bytes]], bytes.Length, Error: null);
    }
}
