namespace Microsoft.ML.Perceiver;

/// <summary>An end of a text.</summary>
public enum PerceiverTokenizerSide
{
    /// <summary>The end.</summary>
    Right,

    /// <summary>The beginning.</summary>
    Left,
}
