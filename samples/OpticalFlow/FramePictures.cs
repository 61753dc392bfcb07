using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using SkiaSharp;

namespace OpticalFlow;

/// <summary>Pictures of flow as files.</summary>
internal static class FramePictures
{
    /// <summary>The photographs that training frames are made of.</summary>
    public static MLImage[] Photographs() =>
        [.. Directory.GetFiles(PathOf("photographs")).Order(StringComparer.Ordinal).Select(MLImage.CreateFromFile)];

    /// <summary>A file of the sample's own data.</summary>
    public static string PathOf(params string[] names) => Path.Combine([AppContext.BaseDirectory, "Data", .. names]);

    /// <summary>Reads flow from a .flo file, or one of KITTI's PNG files.</summary>
    public static FlowField ReadFlow(string path) => Path.GetExtension(path).Equals(".png", StringComparison.OrdinalIgnoreCase) ? KittiFlowFile.Read(path) : FloFile.Read(path);

    /// <summary>Saves a picture as PNG.</summary>
    public static void Save(string path, PerceiverImage picture)
    {
        using var bitmap = ToBitmap(picture);
        using var file = File.Create(path);
        bitmap.Encode(file, SKEncodedImageFormat.Png, quality: 100);
    }

    private static SKBitmap ToBitmap(PerceiverImage picture)
    {
        var bitmap = new SKBitmap(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var pixels = picture.Pixels.Span;
        for (int y = 0; y < picture.Height; y++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                int at = (y * picture.Width + x) * 3;
                bitmap.SetPixel(x, y, new SKColor(pixels[at], pixels[at + 1], pixels[at + 2]));
            }
        }

        return bitmap;
    }
}
