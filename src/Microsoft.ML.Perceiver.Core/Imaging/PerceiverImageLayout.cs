namespace Microsoft.ML.Perceiver;

/// <summary>Where the channels of a picture stand (the reference's <c>ChannelDimension</c>).</summary>
public enum PerceiverImageLayout
{
    /// <summary>One plane after the other: <c>[channels, height, width]</c>.</summary>
    ChannelsFirst,

    /// <summary>The channels of a pixel side by side: <c>[height, width, channels]</c>.</summary>
    ChannelsLast,
}
