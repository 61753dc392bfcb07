namespace Microsoft.ML.Perceiver;

/// <summary>What the numbers of an image mean that comes as a vector of Single.</summary>
public enum PerceiverPixelRange
{
    /// <summary>From 0 to 255, as <c>ExtractPixels</c> writes them by default.</summary>
    ZeroTo255,

    /// <summary>From 0 to 1, as <c>ExtractPixels</c> writes them with <c>scaleImage: 1f / 255</c>.</summary>
    ZeroToOne,
}
