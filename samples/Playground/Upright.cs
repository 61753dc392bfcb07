using SkiaSharp;

namespace Playground;

/// <summary>Turns photographs as the camera was held.</summary>
internal static class Upright
{
    /// <summary>Turns an image whose file says where its first pixel belongs.</summary>
    public static BgraImage Turn(BgraImage image, SKEncodedOrigin origin)
    {
        if (origin is SKEncodedOrigin.TopLeft or 0)
            return image;
        bool lying = origin >= SKEncodedOrigin.LeftTop;
        var (width, height) = lying ? (image.Height, image.Width) : (image.Width, image.Height);
        byte[] turned = new byte[image.Pixels.Length];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                var (fromX, fromY) = origin switch
                {
                    SKEncodedOrigin.TopRight => (width - 1 - x, y),
                    SKEncodedOrigin.BottomRight => (width - 1 - x, height - 1 - y),
                    SKEncodedOrigin.BottomLeft => (x, height - 1 - y),
                    SKEncodedOrigin.LeftTop => (y, x),
                    SKEncodedOrigin.RightTop => (y, width - 1 - x),
                    SKEncodedOrigin.RightBottom => (height - 1 - y, width - 1 - x),
                    _ => (height - 1 - y, x),
                };
                image.Pixels.AsSpan(4 * (fromY * image.Width + fromX), 4).CopyTo(turned.AsSpan(4 * (y * width + x)));
            }
        }

        return new BgraImage(width, height, turned);
    }
}
