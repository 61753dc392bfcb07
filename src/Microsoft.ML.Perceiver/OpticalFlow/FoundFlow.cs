namespace Microsoft.ML.Perceiver;

/// <summary>The flow of a pair of frames, computed when it is first asked for; its size is known before.</summary>
/// <param name="pair">The frames.</param>
/// <param name="predictor">What computes it.</param>
internal sealed class FoundFlow(FramePair pair, PerceiverOpticalFlowPredictor predictor)
{
    private readonly Lock _lock = new();
    private PerceiverFlowField? _field;

    internal int Height => pair.First.Height;

    internal int Width => pair.First.Width;

    /// <summary>The flow. Several columns of a row share one forward pass; a computation that failed is tried again.</summary>
    internal PerceiverFlowField Field
    {
        get
        {
            lock (_lock)
                return _field ??= predictor.Predict(pair.First, pair.Second);
        }
    }

    /// <summary>Whether this is the flow of these frames: they have the same pixels.</summary>
    internal bool IsOf(FramePair other) => AreEqual(pair.First, other.First) && AreEqual(pair.Second, other.Second);

    // Both are in planes, see FramePair.
    private static bool AreEqual(PerceiverImage one, PerceiverImage other) =>
        (one.Height, one.Width) == (other.Height, other.Width) && one.Pixels.Span.SequenceEqual(other.Pixels.Span);
}
