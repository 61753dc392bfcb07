namespace Microsoft.ML.Perceiver;

/// <summary>One row of a window is at fault; the stage adds the row's number in the data.</summary>
internal sealed class RowException(int index, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Under which a numbered error keeps what was said without the number.</summary>
    internal const string MessageKey = "Microsoft.ML.Perceiver.Row";

    /// <summary>The row's place in the window.</summary>
    internal int Index { get; } = index;

    /// <summary>What an exception says; of a row of another stage, without the number, which the row has in this stage too.</summary>
    internal static string MessageOf(Exception e) => e.Data[MessageKey] as string ?? e.Message;
}
