using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

// How results are allocated and filled, for bytes and floats alike.
public sealed partial class PerceiverImageProcessor
{
    // The bytes of a tensor are one span, which cannot be longer.
    private const long MaxValues = int.MaxValue / sizeof(float);

    private Tensor Batch(IReadOnlyList<IPixelImage> images, PerceiverImageProcessorOptions? options, PerceiverImageLayout layout)
    {
        if (!Enum.IsDefined(layout))
            throw new ArgumentOutOfRangeException(nameof(layout), layout, $"{layout} is no layout.");
        if (images.Count == 0)
            throw new ArgumentException("There is no image.", nameof(images));
        var processor = options is null || ReferenceEquals(options, Options) ? this : new PerceiverImageProcessor(options);
        var shape = processor.CommonShape(images);
        var (channels, height, width) = shape;
        if ((long)channels * height * width * images.Count > MaxValues)
        {
            throw new ArgumentException(
                $"{images.Count} results of {channels} x {height} x {width} values are more than the {MaxValues} allowed.", nameof(images));
        }

        TorchRuntime.EnsureLoaded();
        long[] extents = layout == PerceiverImageLayout.ChannelsFirst
            ? [images.Count, channels, height, width]
            : [images.Count, height, width, channels];
        var result = empty(extents, float32, CPU);
        try
        {
            var values = MemoryMarshal.Cast<byte, float>(result.bytes);
            int length = channels * height * width;
            for (int i = 0; i < images.Count; i++)
                processor.WriteOf(images, i, shape, layout, values.Slice(i * length, length));
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    private (int Channels, int Height, int Width) CommonShape(IReadOnlyList<IPixelImage> images)
    {
        (int Channels, int Height, int Width) shape = default;
        for (int i = 0; i < images.Count; i++)
        {
            var image = images[i] ?? throw new ArgumentException($"Image {i} is null.", nameof(images));
            (int Channels, int Height, int Width) own;
            try
            {
                own = OutputShape(image.Height, image.Width, image.Channels);
            }
            catch (ArgumentException e) when (images.Count > 1)
            {
                throw OfImage(i, e);
            }

            if (i == 0)
                shape = own;
            else if (own != shape)
            {
                throw new ArgumentException(
                    $"The results are no batch: image 0 gives {shape} (channels, height, width), but image {i} gives {own}.",
                    nameof(images));
            }
        }

        return shape;
    }

    private void WriteOf(
        IReadOnlyList<IPixelImage> images,
        int index,
        (int Channels, int Height, int Width) shape,
        PerceiverImageLayout layout,
        Span<float> destination)
    {
        try
        {
            Write(images[index], shape, layout, destination);
        }
        catch (ArgumentException e) when (images.Count > 1)
        {
            throw OfImage(index, e);
        }
    }

    private static ArgumentException OfImage(int index, ArgumentException e) => new($"Image {index}: {e.Message}", "images", e);

    /// <summary>Processes an image without tensors.</summary>
    /// <param name="image">The image.</param>
    /// <param name="destination">Receives the result, of the shape that the settings give.</param>
    /// <param name="layout">The layout of the result.</param>
    internal void Fill(
        IPixelImage image, Span<float> destination, PerceiverImageLayout layout = PerceiverImageLayout.ChannelsFirst)
    {
        var shape = OutputShape(image.Height, image.Width, image.Channels);
        if (destination.Length != shape.Channels * shape.Height * shape.Width)
        {
            throw new ArgumentException(
                $"The result has {shape.Channels} x {shape.Height} x {shape.Width} values, but the destination {destination.Length}.",
                nameof(destination));
        }

        Write(image, shape, layout, destination);
    }

    private void Write(
        IPixelImage image, (int Channels, int Height, int Width) shape, PerceiverImageLayout layout, Span<float> destination)
    {
        var crop = CropWindow.Of(Options, image.Height, image.Width);
        if (image is PerceiverImage bytes)
            Write(bytes, crop, Tables(image.Channels), shape, layout, destination);
        else
            Write((PerceiverFloatImage)image, crop, shape, layout, destination);
    }

    private void Write(
        PerceiverFloatImage image,
        CropWindow crop,
        (int Channels, int Height, int Width) shape,
        PerceiverImageLayout layout,
        Span<float> destination)
    {
        if (!Options.DoResize)
        {
            FloatPixels.Write(image, crop, Options, shape.Channels, layout, destination);
            return;
        }

        // Pillow resizes bytes, so the reference makes bytes of the numbers, and numbers of the result.
        bool isUnit = FloatPixels.IsUnit(image, crop);
        var tables = !isUnit ? Tables(image.Channels) : shape.Channels == 1 ? _unitGrey.Value : _unitColour.Value;
        Write(FloatPixels.ToBytes(image, isUnit), crop, tables, shape, layout, destination);
    }

    private void Write(
        PerceiverImage image,
        CropWindow crop,
        ChannelTables tables,
        (int Channels, int Height, int Width) shape,
        PerceiverImageLayout layout,
        Span<float> destination)
    {
        if (Options.Resample == PerceiverResampling.Nearest)
            NearestResampler.Resize(image, crop, shape.Height, shape.Width, tables, layout, destination);
        else
            ImageResampler.Resize(image, crop, shape.Height, shape.Width, Options.Resample, tables, layout, destination);
    }
}
