namespace Microsoft.ML.Perceiver;

/// <summary>Checks the ranges of training options.</summary>
internal static class OptionRange
{
    /// <exception cref="ArgumentOutOfRangeException">The condition does not hold.</exception>
    internal static void Require(bool holds, string name, object? value, string needed)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {needed}.");
    }
}
