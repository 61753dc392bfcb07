namespace Microsoft.ML.Perceiver;

/// <summary>Frames with flow from a function that several threads may call at once.</summary>
internal sealed class FlowRows(int count, Func<int, PerceiverFlowExample> read) : PerceiverRows<PerceiverFlowExample>
{
    public override int Count => count;

    public override PerceiverFlowExample Read(int row, PerceiverRandom? random = null) => read(row);

    public override void AddTo(PerceiverFingerprint fingerprint)
    {
        fingerprint.Add(count);
        foreach (int row in PerceiverFingerprint.Sample(count))
        {
            var example = read(row);
            fingerprint.Add(example.First.Pixels.Span);
            fingerprint.Add(example.Second.Pixels.Span);
            fingerprint.Add<float>(example.Flow.Values);
        }
    }
}
