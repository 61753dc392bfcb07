using BatchScore.Outputs;
using Microsoft.ML;

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
        var all = model.GetOutputSchema(schema);
        var chosen = Choose(schema, all, asked);
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
    /// <param name="outputs">The columns to write; none: PredictedLabel, Score and Probability, or all that the model adds.</param>
    /// <param name="gpu">The GPU that computes; null for the processor.</param>
    /// <exception cref="ArgumentException">The model has no such columns, or none that can be written.</exception>
    public static ScoringModel Load(string path, IReadOnlyList<string> outputs, int? gpu)
    {
        var mlContext = new MLContext(seed: 1) { GpuDeviceId = gpu, FallbackToCpu = false };
        var model = mlContext.Model.LoadPerceiver(path, out var schema);
        try
        {
            return schema is null
                ? throw new ArgumentException($"The model '{path}' was saved without its input columns; give them to mlContext.Model.Save.")
                : new ScoringModel(model, schema, outputs);
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

    private static List<DataViewSchema.Column> Choose(DataViewSchema schema, DataViewSchema all, IReadOnlyList<string> asked)
    {
        var possible = all.Where(column => !column.IsHidden && OutputColumn.CanWrite(column)).ToList();
        // What the model adds, or writes anew.
        var added = possible.Where(column => schema.GetColumnOrNull(column.Name) is null || column.Index >= schema.Count).ToList();
        if (asked.Count > 0)
        {
            return [.. asked.Select(name => possible.Where(column => column.Name == name).Select(c => (DataViewSchema.Column?)c).FirstOrDefault()
                ?? throw new ArgumentException(
                    $"--outputs names '{name}', which cannot be written; these can: {string.Join(", ", possible.Select(c => c.Name))}."))];
        }

        var usual = added.Where(column => s_usual.Contains(column.Name)).OrderBy(column => Array.IndexOf(s_usual, column.Name)).ToList();
        if (usual.Count > 0)
            return usual;
        return added.Count > 0 ? added : throw new ArgumentException("The model adds no column that can be written.");
    }
}
