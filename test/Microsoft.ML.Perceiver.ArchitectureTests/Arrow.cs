namespace Microsoft.ML.Perceiver.Tests.Architecture;

/// <summary>A use of a symbol in another file than the one that declares it.</summary>
/// <param name="From">The file that uses it, relative to the repository.</param>
/// <param name="Line">The line of the use, counted from 1.</param>
/// <param name="To">The file that declares it.</param>
/// <param name="Symbol">The symbol's name.</param>
internal sealed record Arrow(string From, int Line, string To, string Symbol)
{
    public override string ToString() => $"{From}({Line}): {Symbol} of {To}";
}
