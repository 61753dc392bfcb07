using SkiaSharp;

namespace Microsoft.ML.Perceiver;

/// <summary>Decodes image files (PNG, JPEG, WebP, GIF, BMP), whose size is looked at before memory is taken for their pixels.</summary>
internal static class ImageFile
{
    private const int Channels = 4;

    /// <summary>Reads a file; see <see cref="Decode(ReadOnlySpan{byte}, int)"/>. The limit is that of the process.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="PerceiverImageException">It is no such file, damaged, or has too many pixels.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    internal static PerceiverImage Read(string path) => Decode(File.ReadAllBytes(path), PixelLimit.Pixels);

    /// <summary>Decodes a file; of several frames the first. The image is turned as the file's EXIF orientation says.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="maxPixels">The most pixels it may have.</param>
    /// <exception cref="PerceiverImageException">It is no such file, damaged, or has too many pixels.</exception>
    internal static PerceiverImage Decode(ReadOnlySpan<byte> file, int maxPixels)
    {
        if (file.IsEmpty)
            throw new PerceiverImageException(PerceiverImageFault.NoImage, "The file is empty.");
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(new SKMemoryStream(data), out var opened) ?? throw Unopened(file.Length, opened);
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if (PixelLimit.Fault(height, width, maxPixels) is { } fault)
            throw new PerceiverImageException(PerceiverImageFault.TooManyPixels, fault, height, width);
        byte[] pixels = new byte[height * width * Channels];
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        // Into the array itself: a copy of a large image would cost its memory again.
        var result = codec.GetPixels(info, pixels);
        if (result == SKCodecResult.IncompleteInput)
        {
            throw new PerceiverImageException(
                PerceiverImageFault.EndMissing, "The image is damaged: its end is missing.", height, width);
        }

        if (result != SKCodecResult.Success)
            throw new PerceiverImageException(PerceiverImageFault.Damaged, $"The image is damaged ({result}).", height, width);
        var origin = codec.EncodedOrigin;
        if (origin == SKEncodedOrigin.TopLeft && codec.EncodedFormat == SKEncodedImageFormat.Png)
            origin = PngOrientation.Of(file);
        return ImageOrientation.Turn(new PerceiverImage(height, width, Channels, pixels), origin);
    }

    private static PerceiverImageException Unopened(int length, SKCodecResult result) => result == SKCodecResult.IncompleteInput
        ? new(PerceiverImageFault.EndMissing, "The image is damaged: its end is missing.")
        : new(
            PerceiverImageFault.NoImage, $"The {length} bytes are no image that can be decoded (PNG, JPEG, WebP, GIF, BMP).");
}
