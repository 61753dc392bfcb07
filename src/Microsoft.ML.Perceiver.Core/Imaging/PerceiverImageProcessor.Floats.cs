using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

// Images of floating-point numbers.
public sealed partial class PerceiverImageProcessor
{
    /// <summary>Processes an image of floating-point numbers, as the reference does.</summary>
    /// <remarks>
    /// Numbers from 0 to 1 are already rescaled: <see cref="PerceiverImageProcessorOptions.DoRescale"/> should be false, or they are
    /// multiplied by the factor once more. Without <see cref="PerceiverImageProcessorOptions.DoResize"/> all steps are computed in float32.
    /// With it the reference resizes by Pillow, in bytes, and so does this: where all numbers of the crop are whole ones from 0 to 255, the
    /// result is that of these bytes; otherwise all must be from 0 to 1, are multiplied by 255, lose their fraction, are resized, and
    /// divided by 255. An image of nothing but 0 and 1 is of whole numbers.
    /// </remarks>
    /// <param name="image">The image.</param>
    /// <param name="options">The settings of this call; null for <see cref="Options"/>.</param>
    /// <param name="layout">The layout of the result.</param>
    /// <returns>float32 <c>[1, channels, height, width]</c> or <c>[1, height, width, channels]</c> on the CPU.</returns>
    /// <exception cref="ArgumentException">
    /// A setting is out of range or does not fit the image, the result would be too large, or a number that is to be resized is neither
    /// from 0 to 1 nor, with all others, a whole one from 0 to 255.
    /// </exception>
    public Tensor ProcessFloat(
        PerceiverFloatImage image,
        PerceiverImageProcessorOptions? options = null,
        PerceiverImageLayout layout = PerceiverImageLayout.ChannelsFirst)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Batch([image], options, layout);
    }

    /// <summary>
    /// Processes images of floating-point numbers, which may differ in size if their results do not; see <see cref="ProcessFloat"/>.
    /// </summary>
    /// <param name="images">At least one image.</param>
    /// <param name="options">The settings of this call; null for <see cref="Options"/>.</param>
    /// <param name="layout">The layout of the result.</param>
    /// <returns>float32 <c>[batch, channels, height, width]</c> or <c>[batch, height, width, channels]</c> on the CPU.</returns>
    /// <exception cref="ArgumentException">
    /// There is no image, two results differ in shape, a setting is out of range or does not fit an image, a number is out of range, or the
    /// result would be too large; the message gives the index of the image.
    /// </exception>
    public Tensor ProcessFloatBatch(
        IReadOnlyList<PerceiverFloatImage> images,
        PerceiverImageProcessorOptions? options = null,
        PerceiverImageLayout layout = PerceiverImageLayout.ChannelsFirst)
    {
        ArgumentNullException.ThrowIfNull(images);
        return Batch(images, options, layout);
    }

    /// <summary>
    /// Processes an image, or a batch of images of one size, in a tensor: of bytes, or of numbers as <see cref="ProcessFloat"/> takes them.
    /// </summary>
    /// <param name="images">
    /// uint8 or floating-point numbers on any device: <c>[channels, height, width]</c> or <c>[height, width, channels]</c>, with or without
    /// a batch before them.
    /// </param>
    /// <param name="inputLayout">Which of the two it is.</param>
    /// <param name="options">The settings of this call; null for <see cref="Options"/>.</param>
    /// <param name="layout">The layout of the result.</param>
    /// <returns>float32 <c>[batch, channels, height, width]</c> or <c>[batch, height, width, channels]</c> on the CPU.</returns>
    /// <exception cref="ArgumentException">
    /// The tensor has another type or number of dimensions, or its images cannot be processed, for the reasons named with the images.
    /// </exception>
    public Tensor ProcessTensor(
        Tensor images,
        PerceiverImageLayout inputLayout,
        PerceiverImageProcessorOptions? options = null,
        PerceiverImageLayout layout = PerceiverImageLayout.ChannelsFirst)
    {
        ArgumentNullException.ThrowIfNull(images);
        bool isFloat = images.is_floating_point();
        if ((!isFloat && images.dtype != ScalarType.Byte) || images.dim() is not (3 or 4))
        {
            throw new ArgumentException(
                "Images are a tensor of uint8 or floating-point numbers, of 3 dimensions or, for a batch, 4, "
                + $"not {images.dtype} of [{string.Join(", ", images.shape)}].",
                nameof(images));
        }

        IPixelImage ImageOf(Tensor image) =>
            isFloat ? PerceiverFloatImage.FromTensor(image, inputLayout) : PerceiverImage.FromTensor(image, inputLayout);
        var all = new List<IPixelImage>();
        using (NewDisposeScope())
        {
            var batch = images.dim() == 3 ? images.unsqueeze(0) : images;
            for (long i = 0; i < batch.shape[0]; i++)
                all.Add(ImageOf(batch[i]));
        }

        return Batch(all, options, layout);
    }

    /// <summary>Processes an image of floating-point numbers without tensors; see <see cref="ProcessFloat"/>.</summary>
    /// <param name="image">The image.</param>
    /// <param name="destination">
    /// Receives the result, <c>[channels, height, width]</c>, of the shape that <see cref="OutputShape(int, int, int)"/> gives.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The destination has another length, the settings do not fit the image, a number is out of range, or the result would be too large.
    /// </exception>
    public void ProcessTo(PerceiverFloatImage image, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        Fill(image, destination);
    }
}
