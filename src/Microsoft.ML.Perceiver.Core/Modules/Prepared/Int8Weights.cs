namespace Microsoft.ML.Perceiver;

/// <summary>Rounds weights to 8-bit integers.</summary>
internal sealed class Int8Weights : IWeightPreparation
{
    /// <summary>The preparation; it has no state.</summary>
    internal static Int8Weights Instance { get; } = new();

    /// <inheritdoc/>
    public PreparedMap Prepare(params IReadOnlyList<AffineMap> maps) => new Int8Map(maps);
}
