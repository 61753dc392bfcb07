using System.Collections;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>Computes the vectors of a batch with a transformer. One thread uses it.</summary>
internal sealed class TextEncoder
{
    // Under which a stage's error keeps what it says without the row's number, which is one of the batch.
    private const string MessageKey = "Microsoft.ML.Perceiver.Row";

    private readonly BatchRows _rows = new();
    private readonly IDataView _vectors;
    private readonly string _column;

    /// <summary>Makes the view that all batches go through.</summary>
    /// <param name="model">The model.</param>
    internal TextEncoder(EmbeddingModel model)
    {
        var schema = SchemaDefinition.Create(typeof(EmbeddingRow));
        schema[nameof(EmbeddingRow.Text)].ColumnName = model.Transformer.TextColumnName;
        _vectors = model.Transformer.Transform(model.Context.Data.LoadFromEnumerable(_rows, schema));
        _column = model.Transformer.OutputColumnName;
    }

    /// <summary>The vectors of texts.</summary>
    /// <param name="texts">The texts.</param>
    internal float[][] Encode(IEnumerable<string> texts)
    {
        _rows.Texts = [.. texts];
        return [.. _vectors.GetColumn<float[]>(_column)];
    }

    /// <summary>What is wrong with a text that has no vector.</summary>
    internal static Exception ErrorOf(int place, Exception error)
    {
        if (error is not InvalidOperationException || error.Data[MessageKey] is not string message)
            return error;
        return new InvalidOperationException($"The text at index {place} has no vector: {message}", error);
    }

    /// <summary>The texts of the current batch.</summary>
    private sealed class BatchRows : IEnumerable<EmbeddingRow>
    {
        internal string[] Texts { get; set; } = [];

        public IEnumerator<EmbeddingRow> GetEnumerator() => Texts.Select(text => new EmbeddingRow { Text = text }).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
