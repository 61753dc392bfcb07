using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>ML.NET's images as pictures of this library.</summary>
internal static class MlImagePixels
{
    /// <summary>The image's pixels, copied.</summary>
    internal static PerceiverImage Read(MLImage image) => new(image.Height, image.Width, 4, image.Pixels.ToArray())
    {
        BlueFirst = image.PixelFormat == MLPixelFormat.Bgra32,
    };
}
