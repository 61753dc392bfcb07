namespace Microsoft.ML.Perceiver;

/// <summary>Pictures in the one form that flow is computed from: a plane of bytes for red, green and blue each.</summary>
internal static class RgbPlanes
{
    internal const int Channels = 3;

    /// <summary>The picture in that form; grey is repeated, alpha dropped.</summary>
    internal static PerceiverImage Of(PerceiverImage image)
    {
        if (image is { Channels: Channels, Layout: PerceiverImageLayout.ChannelsFirst, BlueFirst: false })
            return image;
        int count = image.Height * image.Width;
        byte[] planes = new byte[checked(count * Channels)];
        bool first = image.Layout == PerceiverImageLayout.ChannelsFirst;
        for (int c = 0; c < Channels; c++)
        {
            int source = image.Channels == 1 ? 0 : image.BlueFirst ? 2 - c : c;
            var pixels = image.Pixels.Span[(first ? source * count : source)..];
            var plane = planes.AsSpan(c * count, count);
            if (first)
            {
                pixels[..count].CopyTo(plane);
                continue;
            }

            for (int i = 0, at = 0; i < count; i++, at += image.Channels)
                plane[i] = pixels[at];
        }

        return new PerceiverImage(image.Height, image.Width, Channels, planes, PerceiverImageLayout.ChannelsFirst);
    }

    /// <summary>The picture in another size, its pixels weighed linearly; in planes too.</summary>
    internal static PerceiverImage Resize(PerceiverImage image, int height, int width)
    {
        if ((image.Height, image.Width) == (height, width))
            return Of(image);
        var processor = new PerceiverImageProcessor(new PerceiverImageProcessorOptions
        {
            DoCenterCrop = false,
            Size = new PerceiverImageSize(height, width),
            Resample = PerceiverResampling.Bilinear,
            DoRescale = false,
            DoNormalize = false,
        });
        var (values, _, _, _) = processor.ProcessToArray(image);
        return new PerceiverImage(height, width, Channels, Array.ConvertAll(values, v => (byte)v), PerceiverImageLayout.ChannelsFirst);
    }
}
