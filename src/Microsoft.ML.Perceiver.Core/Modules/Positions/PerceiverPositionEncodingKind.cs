namespace Microsoft.ML.Perceiver;

/// <summary>How positions are encoded.</summary>
public enum PerceiverPositionEncodingKind
{
    /// <summary>One trainable vector for each position.</summary>
    Trainable,

    /// <summary>Sines and cosines of the position at several frequencies.</summary>
    Fourier,

    /// <summary>Not at all; a decoder then has no query of its own.</summary>
    None,
}
