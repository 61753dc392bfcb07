namespace Microsoft.ML.Perceiver;

/// <summary>Frames with flow to train on.</summary>
public static class PerceiverFlowRows
{
    /// <summary>Examples that lie in memory.</summary>
    /// <param name="examples">The examples.</param>
    /// <returns>The rows.</returns>
    public static PerceiverRows<PerceiverFlowExample> FromList(IReadOnlyList<PerceiverFlowExample> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return new FlowRows(examples.Count, row => examples[row]);
    }

    /// <summary>Examples that a generator makes each time they are needed, so that there is no limit to them but time.</summary>
    /// <param name="generator">The generator.</param>
    /// <param name="count">How many.</param>
    /// <param name="start">The number of the first one.</param>
    /// <returns>The rows; an example is made when it is read.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The numbers are negative.</exception>
    public static PerceiverRows<PerceiverFlowExample> Generated(PerceiverFlowGenerator generator, int count, long start = 0)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        return new FlowRows(count, row => generator.Generate(start + row));
    }
}

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
