using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Which row of a checkpoint's output layer each label of a model has.</summary>
/// <param name="Change">How the labels differ.</param>
/// <param name="Order">For each label of the model its row in the checkpoint, where they are in another order.</param>
internal sealed record LabelRows(PerceiverLabelChange Change, long[]? Order = null)
{
    /// <summary>The rows that a model takes as they are.</summary>
    internal static LabelRows Unchanged { get; } = new(PerceiverLabelChange.None);

    /// <summary>Compares the labels of a checkpoint with those of a model.</summary>
    /// <param name="from">The checkpoint's configuration.</param>
    /// <param name="to">The model's.</param>
    internal static LabelRows Between(PerceiverConfig from, PerceiverConfig to)
    {
        var replaced = new LabelRows(PerceiverLabelChange.Replaced);
        if (ProblemOf(from) != ProblemOf(to) || from.NumLabels != to.NumLabels)
            return replaced;
        var (old, now) = (from.LabelNames, to.LabelNames);
        if (old.SequenceEqual(now, StringComparer.Ordinal))
            return Unchanged;
        var rows = new Dictionary<string, long>(StringComparer.Ordinal);
        for (int i = 0; i < old.Count; i++)
        {
            // A checkpoint may name two labels alike; then nobody can tell which is which.
            if (!rows.TryAdd(old[i], i))
                return replaced;
        }

        return now.All(rows.ContainsKey)
            ? new LabelRows(PerceiverLabelChange.Reordered, [.. now.Select(name => rows[name])])
            : replaced;
    }

    /// <summary>
    /// The rows of a checkpoint's tensor in the order of the model's labels; rows behind those of labels, as that of no object, stay. The
    /// tensor is disposed where another comes back.
    /// </summary>
    /// <param name="value">[labels, ...].</param>
    internal Tensor Reorder(Tensor value)
    {
        if (Order is null)
            return value;
        using (value)
        using (var index = tensor([.. Order, .. Enumerable.Range(0, (int)value.shape[0]).Skip(Order.Length).Select(row => (long)row)]))
            return value.index_select(0, index);
    }

    // A configuration that does not say is read as the stages read it.
    private static string ProblemOf(PerceiverConfig config) =>
        config.ProblemType ?? (config.NumLabels == 1 ? "regression" : "single_label_classification");
}
