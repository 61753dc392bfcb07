namespace Microsoft.ML.Perceiver;

/// <summary>Makes training examples of images, cropped and resized for the model but not normalised.</summary>
public sealed class PerceiverImageExampleReader
{
    private readonly PerceiverImageProcessor _processor;

    /// <summary>Makes a reader.</summary>
    /// <param name="options">The settings of the image processor that the model will be used with.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">A setting is out of range; the message names its key.</exception>
    public PerceiverImageExampleReader(PerceiverImageProcessorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _processor = new PerceiverImageProcessor(options with { DoRescale = false, DoNormalize = false });
    }

    /// <summary>Makes an example. Several threads may.</summary>
    /// <param name="image">The image, of any size.</param>
    /// <param name="target">The index of its class as one number; for a regression its numbers; for several labels 0 or 1 for each.</param>
    /// <returns>The pixels as the model reads them, with the target.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The processor's settings do not fit the image.</exception>
    public PerceiverImageExample Read(PerceiverImage image, float[] target)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(target);
        var (values, channels, height, width) = _processor.ProcessToArray(image);
        // Without rescaling and normalisation the values are bytes.
        return new PerceiverImageExample(Array.ConvertAll(values, v => (byte)v), channels, height, width, target);
    }
}
