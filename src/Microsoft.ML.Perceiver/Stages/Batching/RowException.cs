namespace Microsoft.ML.Perceiver;

/// <summary>One row of a window is at fault; the stage adds the row's number in the data.</summary>
internal sealed class RowException(int index, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The row's place in the window.</summary>
    internal int Index { get; } = index;
}
