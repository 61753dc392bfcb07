namespace Microsoft.ML.Perceiver;

/// <summary>An objective that looks at its rows before a training.</summary>
internal interface IWarnsOfRows
{
    /// <summary>What is odd about the rows; null for nothing.</summary>
    string? RowWarning { get; }
}
