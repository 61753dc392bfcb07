using System.Runtime.CompilerServices;

namespace Microsoft.ML.Perceiver;

/// <summary>Checks the ranges of options.</summary>
internal static class OptionRange
{
    /// <exception cref="ArgumentOutOfRangeException">The condition does not hold; the message names the option.</exception>
    internal static void Require(bool holds, object? value, string needed, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {needed}.");
    }
}
