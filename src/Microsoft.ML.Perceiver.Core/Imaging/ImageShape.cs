using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The sizes that an image may have.</summary>
internal static class ImageShape
{
    /// <summary>Checks that an image may have such sizes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or there is no such number of channels or layout.</exception>
    internal static void Check(int height, int width, int channels, PerceiverImageLayout layout)
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
    }

    /// <summary>How many values an image has, which may be more than an array can hold.</summary>
    internal static Int128 Values(int height, int width, int channels) => (Int128)height * width * channels;

    /// <summary>The sizes of an image in a tensor of three dimensions.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="layout">The order of its dimensions.</param>
    internal static (int Height, int Width, int Channels) Of(Tensor tensor, PerceiverImageLayout layout)
    {
        int[] sizes = [.. tensor.shape.Select(s => checked((int)s))];
        return layout == PerceiverImageLayout.ChannelsFirst ? (sizes[1], sizes[2], sizes[0]) : (sizes[0], sizes[1], sizes[2]);
    }
}
