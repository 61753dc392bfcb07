using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The sizes that an image may have.</summary>
internal static class ImageShape
{
    /// <summary>Checks that an image may have such sizes, and has as many values.</summary>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="channels">Its channels.</param>
    /// <param name="layout">The order of its values.</param>
    /// <param name="pixels">How many values it has; the argument's name is in the exception.</param>
    /// <param name="unit">What the values are, for the message.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or there is no such number of channels or layout.</exception>
    /// <exception cref="ArgumentException">The number of values does not fit the sizes.</exception>
    internal static void Check(int height, int width, int channels, PerceiverImageLayout layout, int pixels, string unit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (channels is not (1 or 3 or 4))
        {
            throw new ArgumentOutOfRangeException(
                nameof(channels), channels, $"An image has 1 channel (grey), 3 (RGB) or 4 (RGB and alpha), not {channels}.");
        }

        if (!Enum.IsDefined(layout))
            throw new ArgumentOutOfRangeException(nameof(layout), layout, $"{layout} is no layout.");
        // More than an array can hold, perhaps.
        var needed = (Int128)height * width * channels;
        if (pixels != needed)
        {
            throw new ArgumentException(
                $"An image of {height} x {width} pixels and {channels} channels has {needed} {unit}, not {pixels}.", nameof(pixels));
        }
    }

    /// <summary>The sizes of an image in a tensor of three dimensions.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="layout">The order of its dimensions.</param>
    internal static (int Height, int Width, int Channels) Of(Tensor tensor, PerceiverImageLayout layout)
    {
        int[] sizes = [.. tensor.shape.Select(s => checked((int)s))];
        return layout == PerceiverImageLayout.ChannelsFirst ? (sizes[1], sizes[2], sizes[0]) : (sizes[0], sizes[1], sizes[2]);
    }
}
