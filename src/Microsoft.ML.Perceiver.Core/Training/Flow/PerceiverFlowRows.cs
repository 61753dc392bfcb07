namespace Microsoft.ML.Perceiver;

/// <summary>Frames with flow to train on; they are read, or made, when they are needed.</summary>
public abstract class PerceiverFlowRows
{
    private protected PerceiverFlowRows()
    {
    }

    /// <summary>How many examples there are.</summary>
    public abstract int Count { get; }

    /// <summary>Examples that are at hand.</summary>
    /// <param name="examples">The examples.</param>
    public static PerceiverFlowRows Of(IReadOnlyList<PerceiverFlowExample> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return new ListRows(examples);
    }

    /// <summary>Examples that a generator makes, each time anew, so that there is no limit to them but time.</summary>
    /// <param name="generator">The generator.</param>
    /// <param name="count">How many.</param>
    /// <param name="start">The number of the first one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The numbers are negative.</exception>
    public static PerceiverFlowRows Generated(PerceiverFlowGenerator generator, int count, long start = 0)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        return new GeneratedRows(generator, count, start);
    }

    /// <summary>An example. Several threads may ask at once.</summary>
    /// <param name="row">Which.</param>
    internal abstract PerceiverFlowExample Read(int row);

    private sealed class ListRows(IReadOnlyList<PerceiverFlowExample> examples) : PerceiverFlowRows
    {
        public override int Count => examples.Count;

        internal override PerceiverFlowExample Read(int row) => examples[row];
    }

    private sealed class GeneratedRows(PerceiverFlowGenerator generator, int count, long start) : PerceiverFlowRows
    {
        public override int Count => count;

        internal override PerceiverFlowExample Read(int row) => generator.Generate(start + row);
    }
}
