namespace BatchScore.Inputs;

/// <summary>A row as a format reads it.</summary>
/// <param name="Number">Its number in the file, from 1.</param>
/// <param name="Cells">
/// For each column of the model the values it is made of: texts, numbers, booleans, bytes, or arrays of numbers; empty where there is
/// an error.
/// </param>
/// <param name="Weight">About how many bytes it holds.</param>
/// <param name="Error">Why it cannot be scored; null where it can.</param>
internal readonly record struct SourceRow(long Number, object?[][] Cells, int Weight, string? Error)
{
    /// <summary>A row that cannot be scored.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="error">Why.</param>
    public static SourceRow Bad(long number, string error) => new(number, [], 0, error);
}
