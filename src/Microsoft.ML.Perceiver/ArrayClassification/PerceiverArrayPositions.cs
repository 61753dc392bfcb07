namespace Microsoft.ML.Perceiver;

/// <summary>How a model of arrays knows where a number stands.</summary>
public enum PerceiverArrayPositions
{
    /// <summary>
    /// By sines and cosines of its place, and all numbers of a channel are standardised together: for series, images and films, where
    /// neighbours have to do with each other.
    /// </summary>
    Fourier,

    /// <summary>
    /// By a trainable vector of each place, and each number is standardised by itself: for tables, whose columns stand in no order.
    /// </summary>
    Trainable,
}
