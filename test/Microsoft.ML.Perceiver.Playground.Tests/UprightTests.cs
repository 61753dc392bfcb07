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
        var picture = Picture.Decode(Photograph((byte)orientation), "photograph.jpg", 40);
        Assert.AreEqual(orientation < 5 ? (Width, Height) : (Height, Width), (picture.Width, picture.Height));
        Assert.IsGreaterThan(200, At(picture, red)[2]);
        Assert.IsLessThan(60, At(picture, red)[1]);
        Assert.IsGreaterThan(200, At(picture, green)[1]);
        Assert.IsLessThan(60, At(picture, green)[2]);
    }

    private static byte[] At(Picture picture, string corner)
    {
        int x = corner.EndsWith("left", StringComparison.Ordinal) ? 3 : picture.Width - 4, y = corner.StartsWith("top", StringComparison.Ordinal) ? 3 : picture.Height - 4;
        return picture.Pixels[(4 * (y * picture.Width + x))..][..4];
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
        byte[] exif = [0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
        byte[] file = data.ToArray();
        return [.. file[..2], .. exif, .. file[2..]];
    }
}
