using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Training images as a batch that the model reads.</summary>
/// <param name="processor">The settings that the images were read with, which have the normalisation too.</param>
internal sealed class ImageBatch(PerceiverImageProcessorOptions processor)
{
    internal PerceiverImageProcessorOptions Processor { get; } = processor;

    /// <summary>Normalised pixels of views of images, [images, channels, height, width].</summary>
    internal Tensor Pixels(IReadOnlyList<PerceiverImageExample> images, ImageView[] views, Device device)
    {
        var (channels, height, width) = (images[0].Channels, images[0].Height, images[0].Width);
        int length = channels * height * width;
        float[] values = new float[images.Count * length];
        var sampler = new ImageSampler(Processor, channels);
        Parallel.For(0, images.Count, i => sampler.Write(images[i].Pixels, height, width, views[i], values.AsSpan(i * length, length)));
        return tensor(values, [images.Count, channels, height, width]).to(device);
    }

    /// <summary>Refuses images that differ in shape.</summary>
    /// <exception cref="ArgumentException">Two do.</exception>
    internal static void CheckShapes(IEnumerable<PerceiverImageExample> images)
    {
        PerceiverImageExample? first = null;
        foreach (var image in images)
        {
            first ??= image;
            if ((image.Channels, image.Height, image.Width) == (first.Channels, first.Height, first.Width))
                continue;
            throw new ArgumentException(
                $"The images differ in shape: one is {first.Channels} x {first.Height} x {first.Width} (channels, height, width), "
                + $"another {image.Channels} x {image.Height} x {image.Width}.");
        }
    }
}
