using SkiaSharp;

namespace Microsoft.ML.Perceiver;

/// <summary>Decodes image files (PNG, JPEG, WebP, GIF, BMP), whose size is looked at before memory is taken for their pixels.</summary>
internal static class ImageFile
{
    private const int Channels = 4;

    /// <summary>Reads a file; see <see cref="Decode(ReadOnlySpan{byte})"/>.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="FormatException">It is no such file, damaged, or has too many pixels.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    internal static PerceiverImage Read(string path) => Decode(File.ReadAllBytes(path));

    /// <summary>Decodes a file; of several frames the first. The image is turned as the file's EXIF orientation says.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <exception cref="FormatException">It is no such file, damaged, or has too many pixels.</exception>
    internal static PerceiverImage Decode(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
            throw new FormatException("The file is empty.");
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data) ?? throw new FormatException(
            $"The {file.Length} bytes are no image that can be decoded (PNG, JPEG, WebP, GIF, BMP).");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if (PixelLimit.Fault(height, width) is { } fault)
            throw new FormatException(fault);
        byte[] pixels = new byte[height * width * Channels];
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        var result = codec.GetPixels(info, pixels);
        if (result == SKCodecResult.IncompleteInput)
            throw new FormatException("The image is damaged: its end is missing.");
        if (result != SKCodecResult.Success)
            throw new FormatException($"The image is damaged ({result}).");
        var origin = codec.EncodedOrigin;
        if (origin == SKEncodedOrigin.TopLeft && codec.EncodedFormat == SKEncodedImageFormat.Png)
            origin = PngOrientation.Of(file);
        return ImageOrientation.Turn(new PerceiverImage(height, width, Channels, pixels), origin);
    }
}
