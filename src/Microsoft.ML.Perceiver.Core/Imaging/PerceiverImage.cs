using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>An image as raw pixels of 8 bits for each channel: grey, RGB, or RGB with alpha.</summary>
/// <remarks>The bytes are not copied: changing them changes the image.</remarks>
public sealed class PerceiverImage : IPixelImage
{
    /// <summary>Makes an image from raw pixels.</summary>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue, 4 for these and alpha.</param>
    /// <param name="pixels">
    /// <paramref name="height"/> times <paramref name="width"/> times <paramref name="channels"/> bytes, the top row first, without gaps
    /// between rows.
    /// </param>
    /// <param name="layout">The order of the bytes: <c>[height, width, channels]</c> (default) or <c>[channels, height, width]</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or there is no such number of channels or layout.</exception>
    /// <exception cref="ArgumentException">The number of bytes does not fit the sizes.</exception>
    public PerceiverImage(
        int height,
        int width,
        int channels,
        ReadOnlyMemory<byte> pixels,
        PerceiverImageLayout layout = PerceiverImageLayout.ChannelsLast)
    {
        ImageShape.Check(height, width, channels, layout, pixels.Length, "bytes");
        Height = height;
        Width = width;
        Channels = channels;
        Pixels = pixels;
        Layout = layout;
    }

    /// <summary>The height in pixels.</summary>
    public int Height { get; }

    /// <summary>The width in pixels.</summary>
    public int Width { get; }

    /// <summary>1 for grey, 3 for RGB, 4 for RGB and alpha.</summary>
    public int Channels { get; }

    /// <summary>The bytes, in the order of <see cref="Layout"/>.</summary>
    public ReadOnlyMemory<byte> Pixels { get; }

    /// <summary>The order of rows, columns and channels.</summary>
    public PerceiverImageLayout Layout { get; }

    /// <summary>Whether the order of colours is blue, green, red, as in ML.NET's <c>MLImage</c>; otherwise red is first.</summary>
    public bool BlueFirst { get; init; }

    /// <summary>
    /// The image in planes: all red values, then all green, then all blue, as the multimodal head takes the frames of a video. Grey is
    /// repeated, alpha is dropped.
    /// </summary>
    /// <returns>3 x height x width bytes, copied.</returns>
    public byte[] ToPlanes() => RgbPlanes.Of(this).Pixels.ToArray();

    /// <summary>The image in a tensor of bytes, as from <c>torchvision.io.read_image</c>; the bytes are copied.</summary>
    /// <param name="tensor">
    /// A tensor of type uint8 on any device, <c>[channels, height, width]</c> or <c>[height, width, channels]</c>.
    /// </param>
    /// <param name="layout">Which of the two it is.</param>
    /// <returns>The image.</returns>
    /// <exception cref="ArgumentException">The tensor has another type or number of dimensions, or impossible sizes.</exception>
    public static PerceiverImage FromTensor(Tensor tensor, PerceiverImageLayout layout = PerceiverImageLayout.ChannelsFirst)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.dtype != ScalarType.Byte || tensor.dim() != 3)
        {
            throw new ArgumentException(
                $"An image is a uint8 tensor of 3 dimensions, not {tensor.dtype} of [{string.Join(", ", tensor.shape)}].", nameof(tensor));
        }

        using var scope = NewDisposeScope();
        byte[] pixels = tensor.cpu().contiguous().bytes.ToArray();
        var (height, width, channels) = ImageShape.Of(tensor, layout);
        return new PerceiverImage(height, width, channels, pixels, layout);
    }
}
