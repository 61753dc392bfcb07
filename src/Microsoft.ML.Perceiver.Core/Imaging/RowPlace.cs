namespace Microsoft.ML.Perceiver;

/// <summary>Where the values of one row of the result stand among all.</summary>
/// <param name="Start">The first value of the first channel.</param>
/// <param name="PixelStride">From a pixel to the next.</param>
/// <param name="ChannelStride">From a channel to the next.</param>
internal readonly record struct RowPlace(int Start, int PixelStride, int ChannelStride)
{
    internal static RowPlace Of(PerceiverImageLayout layout, int channels, int height, int width, int row) =>
        layout == PerceiverImageLayout.ChannelsFirst
            ? new RowPlace(row * width, 1, height * width)
            : new RowPlace(row * width * channels, channels, 1);
}
