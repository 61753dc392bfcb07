namespace Microsoft.ML.Perceiver;

/// <summary>The order of rows, columns and channels of an image (the reference's <c>ChannelDimension</c>).</summary>
public enum PerceiverImageLayout
{
    /// <summary>One plane after the other: <c>[channels, height, width]</c>.</summary>
    ChannelsFirst,

    /// <summary>The channels of a pixel next to each other: <c>[height, width, channels]</c>.</summary>
    ChannelsLast,
}
