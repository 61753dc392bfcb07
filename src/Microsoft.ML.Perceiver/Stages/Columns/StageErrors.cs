namespace Microsoft.ML.Perceiver;

/// <summary>The stages' errors about columns, of the kind that ML.NET's own stages throw.</summary>
internal static class StageErrors
{
    // The parameter that users know: that of GetOutputSchema and of Transform.
    private const string Parameter = "inputSchema";

    internal static ArgumentOutOfRangeException Missing(string column, IEnumerable<string> there) =>
        Error($"Could not find the column '{column}'; there are: {string.Join(", ", there)}.");

    /// <param name="column">The column.</param>
    /// <param name="expected">The types that it may have.</param>
    /// <param name="actual">The type that it has.</param>
    /// <param name="advice">What to do about it, a sentence with a blank before it; empty for nothing.</param>
    internal static ArgumentOutOfRangeException Mistyped(string column, string expected, string actual, string advice = "") =>
        Error($"The column '{column}' has the type {actual}; it needs {expected}.{advice}");

    internal static ArgumentOutOfRangeException Unfit(string column, string fault) =>
        Error($"The column '{column}' {fault}");

    private static ArgumentOutOfRangeException Error(string message) => new(Parameter, message);
}
