namespace Microsoft.ML.Perceiver;

/// <summary>Images with a plane of bytes for each of red, green and blue, as flow is computed from them.</summary>
internal static class RgbPlanes
{
    internal const int Channels = 3;

    /// <summary>The image in planes; grey is repeated, alpha dropped.</summary>
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
}
