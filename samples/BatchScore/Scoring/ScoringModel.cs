using BatchScore.Outputs;
using BatchScore.Planning;
using Microsoft.ML;
using Microsoft.ML.Transforms.Image;

namespace BatchScore.Scoring;

/// <summary>A saved model, and which of its columns are read and written.</summary>
internal sealed class ScoringModel : IDisposable
{
    private static readonly string[] s_usual = ["PredictedLabel", "Score", "Probability"];

    private readonly ITransformer _model;
    private readonly DataViewSchema _schema;
    private readonly OutputColumn[] _outputs;
    private readonly string[] _names;

    private ScoringModel(ITransformer model, DataViewSchema schema, IReadOnlyList<string> asked)
    {
        (_model, _schema) = (model, schema);
        var chosen = Choose(schema, OutputsOf(model, schema), asked);
        _names = [.. chosen.Select(column => column.Name)];
        _outputs = [.. chosen.Select(OutputColumn.Of)];
        Fields = [.. _outputs.SelectMany(output => output.Fields)];
        var needed = model.IsRowToRowMapper ? model.GetRowToRowMapper(schema).GetDependencies(chosen) : schema;
        Columns = [.. needed.Where(column => !column.IsHidden).Select(column => ModelColumn.Of(column.Name, column.Type))];
    }

    /// <summary>The columns that the outputs depend on.</summary>
    public IReadOnlyList<ModelColumn> Columns { get; }

    /// <summary>The fields of the outputs.</summary>
    public IReadOnlyList<OutputField> Fields { get; }

    /// <summary>Loads a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">
    /// The columns to write, none for PredictedLabel, Score and Probability, or all that the model adds; and that of images.
    /// </param>
    /// <param name="gpu">The GPU that computes; null for the processor.</param>
    /// <exception cref="ArgumentException">The model has no such columns, or none that can be written.</exception>
    public static ScoringModel Load(string path, JobOptions options, int? gpu)
    {
        var mlContext = new MLContext(seed: 1) { GpuDeviceId = gpu, FallbackToCpu = false };
        var model = mlContext.Model.LoadPerceiver(path, out var schema);
        try
        {
            return new ScoringModel(model, InputsOf(schema, options.ImageColumn), options.Outputs);
        }
        catch
        {
            (model as IDisposable)?.Dispose();
            throw;
        }
    }

    /// <summary>Scores rows together.</summary>
    /// <param name="rows">The rows.</param>
    /// <returns>A value for each field of each row.</returns>
    public object?[][] Score(IReadOnlyList<ChunkRow> rows)
    {
        var scored = _model.Transform(new Chunk(_schema, Columns, rows));
        using var cursor = scored.GetRowCursor(_names.Select(name => scored.Schema[name]));
        var readers = Array.ConvertAll(_outputs, output => output.Open(cursor));
        var results = new List<object?[]>(rows.Count);
        while (cursor.MoveNext())
        {
            object?[] cells = new object?[Fields.Count];
            int at = 0;
            for (int i = 0; i < readers.Length; i++)
            {
                readers[i](cells, at);
                at += _outputs[i].Fields.Count;
            }

            results.Add(cells);
        }

        return results.Count == rows.Count
            ? [.. results]
            : throw new NotSupportedException($"The model made {results.Count} rows of {rows.Count}; it must give one for each.");
    }

    /// <inheritdoc/>
    public void Dispose() => (_model as IDisposable)?.Dispose();

    private static DataViewSchema InputsOf(DataViewSchema? saved, string? imageColumn)
    {
        var columns = new DataViewSchema.Builder();
        foreach (var column in saved?.Where(column => !column.IsHidden) ?? [])
            columns.AddColumn(column.Name, column.Type, column.Annotations);
        if (imageColumn is not null)
            columns.AddColumn(imageColumn, new ImageDataViewType());
        return columns.ToSchema();
    }

    private static DataViewSchema OutputsOf(ITransformer model, DataViewSchema schema)
    {
        try
        {
            return model.GetOutputSchema(schema);
        }
        catch (ArgumentException e)
        {
            string columns = string.Join(", ", schema.Select(column => $"'{column.Name}'").DefaultIfEmpty("none"));
            throw new ArgumentException(
                $"The model does not take the columns that it was saved with ({columns}): {e.Message} "
                + "ML.NET does not save columns of images: --image-column names it.",
                e);
        }
    }

    private static List<DataViewSchema.Column> Choose(DataViewSchema schema, DataViewSchema all, IReadOnlyList<string> asked)
    {
        var possible = all.Where(column => !column.IsHidden && OutputColumn.CanWrite(column)).ToList();
        // What the model adds, or writes anew.
        var added = possible.Where(column => schema.GetColumnOrNull(column.Name) is null || column.Index >= schema.Count).ToList();
        if (asked.Count > 0)
        {
            string? unknown = asked.FirstOrDefault(name => possible.All(column => column.Name != name));
            return unknown is null
                ? [.. asked.Select(name => possible.First(column => column.Name == name))]
                : throw new ArgumentException(
                    $"--outputs names '{unknown}', which cannot be written; these can: {string.Join(", ", possible.Select(c => c.Name))}.");
        }

        var usual = added.Where(column => s_usual.Contains(column.Name)).OrderBy(column => Array.IndexOf(s_usual, column.Name)).ToList();
        if (usual.Count > 0)
            return usual;
        return added.Count > 0 ? added : throw new ArgumentException("The model adds no column that can be written.");
    }
}
