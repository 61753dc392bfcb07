namespace Microsoft.ML.Perceiver;

/// <summary>What happens to a text that is longer than the model takes.</summary>
public enum PerceiverLongTextHandling
{
    /// <summary>Its end is cut off, between two characters.</summary>
    Truncate,

    /// <summary>It is an error that names the row.</summary>
    Refuse,
}
