namespace Microsoft.ML.Perceiver;

/// <summary>What is wrong where a checkpoint's head is another than the one that it is loaded into, and what to do.</summary>
internal static class HeadMismatch
{
    /// <summary>The message; null where the heads are the same, or the checkpoint's is not known.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="model">The class of the model.</param>
    /// <param name="newHead">Whether the model's head was allowed to differ.</param>
    internal static string? Of(PerceiverCheckpoint checkpoint, Type model, bool newHead)
    {
        if (!HeadNames.All.Contains(model.Name) || Describe(checkpoint, [model.Name]) is not { } message)
            return null;
        // Other heads read other inputs: nothing of the weights is of use to them.
        bool isPossible = HeadNames.Texts.Contains(model.Name) && HeadNames.Texts.Contains(HeadNames.Of(checkpoint.Config)!);
        if (newHead || !isPossible)
            return message;
        return message + $" To start a new head from its weights: PerceiverCheckpoint.FromDirectory(folder).Load(c => new {model.Name}(c, "
            + "initialize: false), newHead: true), with a configuration that has your labels; or train a stage from the checkpoint.";
    }

    /// <summary>That a checkpoint is of none of some classes; null where it is of one of them, or of a class that is not known.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="heads">The classes that are wanted.</param>
    internal static string? Describe(PerceiverCheckpoint checkpoint, IReadOnlyList<string> heads)
    {
        if (HeadNames.Of(checkpoint.Config) is not { } head || heads.Contains(head))
            return null;
        string wanted = heads.Count == 1 ? heads[0] : $"{string.Join(", ", heads.SkipLast(1))} or {heads[^1]}";
        return $"The checkpoint {checkpoint.Source} is of {head}, not of {wanted}.";
    }
}
