namespace Microsoft.ML.Perceiver;

/// <summary>Resizes images to planes of bytes for red, green and blue.</summary>
internal static class PlaneResizer
{
    /// <summary>The image in another size, resampled bilinearly, in planes.</summary>
    internal static PerceiverImage Resize(PerceiverImage image, int height, int width)
    {
        if ((image.Height, image.Width) == (height, width))
            return RgbPlanes.Of(image);
        var processor = new PerceiverImageProcessor(new PerceiverImageProcessorOptions
        {
            DoCenterCrop = false,
            Size = new PerceiverImageSize(height, width),
            Resample = PerceiverResampling.Bilinear,
            DoRescale = false,
            DoNormalize = false,
        });
        byte[] planes = Array.ConvertAll(processor.ProcessToArray(image).Values, value => (byte)value);
        return new PerceiverImage(height, width, RgbPlanes.Channels, planes, PerceiverImageLayout.ChannelsFirst);
    }
}
