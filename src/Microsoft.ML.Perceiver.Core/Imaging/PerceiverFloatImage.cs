using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// An image of floating-point pixels: numbers from 0 to 1, or whole numbers from 0 to 255. It is grey, RGB, or RGB with alpha.
/// </summary>
/// <remarks>
/// The numbers are not copied: changing them changes the image. Images of numbers from 0 to 1 are already rescaled, and need a
/// <see cref="PerceiverImageProcessor"/> with <see cref="PerceiverImageProcessorOptions.DoRescale"/> false.
/// </remarks>
public sealed class PerceiverFloatImage : IPixelImage
{
    /// <summary>Makes an image from floating-point pixels.</summary>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue, 4 for these and alpha.</param>
    /// <param name="pixels">
    /// <paramref name="height"/> times <paramref name="width"/> times <paramref name="channels"/> numbers, the top row first, without gaps
    /// between rows.
    /// </param>
    /// <param name="layout">
    /// The order of the numbers: <c>[height, width, channels]</c> (default) or <c>[channels, height, width]</c>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or there is no such number of channels or layout.</exception>
    /// <exception cref="ArgumentException">The number of pixels does not fit the sizes.</exception>
    public PerceiverFloatImage(
        int height,
        int width,
        int channels,
        ReadOnlyMemory<float> pixels,
        PerceiverImageLayout layout = PerceiverImageLayout.ChannelsLast)
    {
        ImageShape.Check(height, width, channels, layout, pixels.Length, "numbers");
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

    /// <summary>The numbers, in the order of <see cref="Layout"/>.</summary>
    public ReadOnlyMemory<float> Pixels { get; }

    /// <summary>The order of rows, columns and channels.</summary>
    public PerceiverImageLayout Layout { get; }

    /// <summary>The image in a tensor of floating-point numbers; they are copied, and rounded to float32 where they are others.</summary>
    /// <param name="tensor">
    /// A tensor of a floating-point type on any device, <c>[channels, height, width]</c> or <c>[height, width, channels]</c>.
    /// </param>
    /// <param name="layout">Which of the two it is.</param>
    /// <returns>The image.</returns>
    /// <exception cref="ArgumentException">The tensor has another type or number of dimensions, or impossible sizes.</exception>
    public static PerceiverFloatImage FromTensor(Tensor tensor, PerceiverImageLayout layout = PerceiverImageLayout.ChannelsFirst)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!tensor.is_floating_point() || tensor.dim() != 3)
        {
            throw new ArgumentException(
                $"An image is a floating-point tensor of 3 dimensions, not {tensor.dtype} of [{string.Join(", ", tensor.shape)}].",
                nameof(tensor));
        }

        using var scope = NewDisposeScope();
        float[] pixels = MemoryMarshal.Cast<byte, float>(tensor.cpu().to(float32).contiguous().bytes).ToArray();
        var (height, width, channels) = ImageShape.Of(tensor, layout);
        return new PerceiverFloatImage(height, width, channels, pixels, layout);
    }
}
