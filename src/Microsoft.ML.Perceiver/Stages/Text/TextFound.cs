namespace Microsoft.ML.Perceiver;

/// <summary>What fitting a stage of texts without labels finds out.</summary>
/// <param name="MaxLength">The longest text in tokens.</param>
internal sealed record TextFound(int MaxLength) : IFound
{
    public void Check(PerceiverConfig config) => FoundChecks.RequireLength(MaxLength, config);
}
