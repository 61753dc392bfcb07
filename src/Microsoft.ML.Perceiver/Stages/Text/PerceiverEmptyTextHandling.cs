namespace Microsoft.ML.Perceiver;

/// <summary>What happens to a text that is empty or missing.</summary>
public enum PerceiverEmptyTextHandling
{
    /// <summary>It is read like any other: the model sees the special tokens alone.</summary>
    Score,

    /// <summary>It is an error that names the row.</summary>
    Refuse,
}
