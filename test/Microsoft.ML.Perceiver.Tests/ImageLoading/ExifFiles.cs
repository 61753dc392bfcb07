using SkiaSharp;

namespace Microsoft.ML.Perceiver.Tests.ImageLoading;

/// <summary>Files that the tests make: an image of four colours, and files with an orientation.</summary>
internal static class ExifFiles
{
    internal const int Height = 48, Width = 64;

    /// <summary>A GIF file of one red pixel.</summary>
    internal static byte[] RedGif { get; } =
        [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B];

    /// <summary>Red and green above, blue and white below.</summary>
    internal static SKBitmap Quarters()
    {
        var bitmap = new SKBitmap(Width, Height);
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
                bitmap.SetPixel(x, y, Colour(y < Height / 2, x < Width / 2));
        }

        return bitmap;
    }

    /// <summary>A file of the quarters.</summary>
    internal static byte[] Encoded(SKEncodedImageFormat format)
    {
        using var bitmap = Quarters();
        using var data = bitmap.Encode(format, quality: 95);
        return data.ToArray();
    }

    /// <summary>
    /// A file of which a reader that honours EXIF sees the quarters upright: the pixels are stored as a camera that was held otherwise
    /// stores them.
    /// </summary>
    internal static byte[] Upright(int orientation, SKEncodedImageFormat format = SKEncodedImageFormat.Jpeg)
    {
        using var upright = Quarters();
        bool isLying = orientation >= 5;
        var (width, height) = isLying ? (Height, Width) : (Width, Height);
        using var stored = new SKBitmap(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                // Where the stored pixel is seen, by the table of the EXIF standard.
                var (seenX, seenY) = orientation switch
                {
                    1 => (x, y),
                    2 => (Width - 1 - x, y),
                    3 => (Width - 1 - x, Height - 1 - y),
                    4 => (x, Height - 1 - y),
                    5 => (y, x),
                    6 => (Width - 1 - y, x),
                    7 => (Width - 1 - y, Height - 1 - x),
                    _ => (y, Height - 1 - x),
                };
                stored.SetPixel(x, y, upright.GetPixel(seenX, seenY));
            }
        }

        return Tagged(stored, format, orientation);
    }

    /// <summary>The corners' colours as letters, the upper row first.</summary>
    internal static string Corners(PerceiverImage image)
    {
        byte[] planes = image.ToPlanes();
        int count = image.Height * image.Width;
        string At(int y, int x) => string.Concat(Enumerable.Range(0, 3).Select(c => planes[c * count + y * image.Width + x] > 128 ? 1 : 0));
        int bottom = image.Height - 5, right = image.Width - 5;
        return $"{image.Width} x {image.Height}: {At(4, 4)} {At(4, right)} {At(bottom, 4)} {At(bottom, right)}";
    }

    internal static string ExpectedCorners => $"{Width} x {Height}: 100 010 001 111";

    private static SKColor Colour(bool above, bool left) =>
        above ? (left ? new SKColor(255, 0, 0) : new SKColor(0, 255, 0)) : left ? new SKColor(0, 0, 255) : SKColors.White;

    private static byte[] Tagged(SKBitmap bitmap, SKEncodedImageFormat format, int orientation)
    {
        // A directory of one entry: the orientation, tag 0x0112, of type 3, one value.
        byte[] exif = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];
        using var data = bitmap.Encode(format, quality: 95);
        byte[] file = data.ToArray();
        return format switch
        {
            SKEncodedImageFormat.Png => ExifChunks.InPng(file, exif),
            SKEncodedImageFormat.Webp => ExifChunks.InWebp(file, exif, bitmap.Width, bitmap.Height),
            _ => ExifChunks.InJpeg(file, exif),
        };
    }
}
