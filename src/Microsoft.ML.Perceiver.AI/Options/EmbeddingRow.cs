namespace Microsoft.ML.Perceiver;

/// <summary>A row that a model reads; the column has the name that the model has for it.</summary>
internal sealed class EmbeddingRow
{
    /// <summary>The text.</summary>
    public string Text { get; set; } = "";
}
