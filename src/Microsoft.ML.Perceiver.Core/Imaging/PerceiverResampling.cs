namespace Microsoft.ML.Perceiver;

/// <summary>The filter of a resize, with the numbers of Pillow's <c>Image.Resampling</c>.</summary>
public enum PerceiverResampling
{
    /// <summary>The nearest pixel.</summary>
    Nearest = 0,

    /// <summary>A sinc with a sinc window, three pixels to each side.</summary>
    Lanczos = 1,

    /// <summary>A triangle, one pixel to each side.</summary>
    Bilinear = 2,

    /// <summary>The cubic with a = -0.5, two pixels to each side; the default.</summary>
    Bicubic = 3,

    /// <summary>The mean of the pixels that an output pixel covers.</summary>
    Box = 4,

    /// <summary>A sinc with a Hamming window, one pixel to each side.</summary>
    Hamming = 5,
}
