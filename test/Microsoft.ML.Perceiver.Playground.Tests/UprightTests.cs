using System.Runtime.InteropServices;
using Playground;
using SkiaSharp;

namespace Microsoft.ML.Perceiver.Playground.Tests;

[TestClass]
public sealed class UprightTests
{
    private const int Width = 48, Height = 32;

    // Where the file's first pixel belongs, and the last one of its first row, by the definition of EXIF's tag 274.
    [TestMethod]
    [DataRow(1, "top left", "top right")]
    [DataRow(2, "top right", "top left")]
    [DataRow(3, "bottom right", "bottom left")]
    [DataRow(4, "bottom left", "bottom right")]
    [DataRow(5, "top left", "bottom left")]
    [DataRow(6, "top right", "bottom right")]
    [DataRow(7, "bottom right", "top right")]
    [DataRow(8, "bottom left", "top left")]
    public void Photographs_stand_as_the_camera_was_held(int orientation, string red, string green)
    {
        var image = UploadedImage.Decode(Photograph((byte)orientation), "photograph.jpg", 40);
        Assert.AreEqual(orientation < 5 ? (Width, Height) : (Height, Width), (image.Width, image.Height));
        Assert.IsGreaterThan(200, At(image, red)[0]);
        Assert.IsLessThan(60, At(image, red)[1]);
        Assert.IsGreaterThan(200, At(image, green)[1]);
        Assert.IsLessThan(60, At(image, green)[0]);
    }

    private static byte[] At(PerceiverImage image, string corner)
    {
        int x = corner.EndsWith("left", StringComparison.Ordinal) ? 3 : image.Width - 4;
        int y = corner.StartsWith("top", StringComparison.Ordinal) ? 3 : image.Height - 4;
        return image.Pixels.Slice(4 * (y * image.Width + x), 4).ToArray();
    }

    // The upper half is red and green, the lower one blue.
    private static byte[] Photograph(byte orientation)
    {
        byte[] pixels = new byte[4 * Width * Height];
        for (int i = 0; i < Width * Height; i++)
        {
            int colour = i / Width >= Height / 2 ? 0 : i % Width < Width / 2 ? 2 : 1;
            (pixels[4 * i + colour], pixels[4 * i + 3]) = (255, 255);
        }

        using var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        Marshal.Copy(pixels, 0, bitmap.GetPixels(), pixels.Length);
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 100);
        // A segment with one entry, the orientation.
        byte[] tiffHeader = [.. "MM\0*"u8, 0, 0, 0, 8];
        byte[] entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
        byte[] exif = [0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. tiffHeader, 0, 1, .. entry, 0, 0, 0, 0];
        byte[] file = data.ToArray();
        return [.. file[..2], .. exif, .. file[2..]];
    }
}
