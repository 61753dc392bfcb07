using SkiaSharp;

namespace Microsoft.ML.Perceiver;

/// <summary>Turns photographs as the camera was held, which EXIF records as the place of the file's first pixel.</summary>
internal static class ImageOrientation
{
    /// <summary>The image as it is to be looked at.</summary>
    /// <param name="image">The pixels as the file has them, the channels of a pixel side by side.</param>
    /// <param name="origin">Where the file's first pixel belongs.</param>
    internal static PerceiverImage Turn(PerceiverImage image, SKEncodedOrigin origin)
    {
        if (origin is SKEncodedOrigin.TopLeft or 0)
            return image;
        // From here on the file's rows are the image's columns.
        bool isLying = origin >= SKEncodedOrigin.LeftTop;
        var (height, width) = isLying ? (image.Width, image.Height) : (image.Height, image.Width);
        bool fromRight = origin is SKEncodedOrigin.TopRight or SKEncodedOrigin.BottomRight or SKEncodedOrigin.RightBottom
            or SKEncodedOrigin.LeftBottom;
        bool fromBottom = origin is SKEncodedOrigin.BottomRight or SKEncodedOrigin.BottomLeft or SKEncodedOrigin.RightTop
            or SKEncodedOrigin.RightBottom;
        int channels = image.Channels;
        byte[] turned = new byte[image.Pixels.Length];
        var source = image.Pixels.Span;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                var (fromX, fromY) = isLying ? (y, x) : (x, y);
                fromX = fromRight ? image.Width - 1 - fromX : fromX;
                fromY = fromBottom ? image.Height - 1 - fromY : fromY;
                source.Slice(channels * (fromY * image.Width + fromX), channels).CopyTo(turned.AsSpan(channels * (y * width + x)));
            }
        }

        return new PerceiverImage(height, width, channels, turned);
    }
}
