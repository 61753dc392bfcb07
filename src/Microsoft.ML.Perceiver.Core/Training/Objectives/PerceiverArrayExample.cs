namespace Microsoft.ML.Perceiver;

/// <summary>A labelled array, or labelled points.</summary>
/// <param name="Values">
/// Its numbers, the last axis and then the channels running fastest; the first axis may be shorter than that of other rows.
/// </param>
/// <param name="Target">
/// The index of its class as one number, or of each input vector's, negative for one that does not count; for a regression its numbers; for
/// several labels 0 or 1 for each.
/// </param>
/// <param name="Coordinates">The coordinates of points from -1 to 1, one point after the other; null for an array.</param>
public sealed record PerceiverArrayExample(float[] Values, float[] Target, float[]? Coordinates = null) : IPerceiverRow
{
    int IPerceiverRow.Length => Values.Length;

    internal ArrayRow Row => new(Values, Coordinates);

    void IPerceiverRow.AddLabelTo(PerceiverFingerprint fingerprint) => fingerprint.Add<float>(Target);

    void IPerceiverRow.AddContentTo(PerceiverFingerprint fingerprint)
    {
        fingerprint.Add<float>(Values);
        if (Coordinates is not null)
            fingerprint.Add<float>(Coordinates);
    }
}
