namespace Microsoft.ML.Perceiver;

/// <summary>The most pixels of an image that is read; see <see cref="PerceiverImageConversion.MaxPixels"/>.</summary>
internal static class PixelLimit
{
    /// <summary>
    /// The limit from which Python's Pillow warns, with which the reference reads images: a quarter of a gigabyte of RGB.
    /// </summary>
    internal const int Default = 89_478_485;

    /// <summary>The most that a limit may be: the bytes of red, green, blue and alpha must fit one array.</summary>
    internal const int Highest = 500_000_000;

    private static int s_pixels = Default;

    internal static int Pixels
    {
        get => Volatile.Read(ref s_pixels);
        set
        {
            Check(value);
            Volatile.Write(ref s_pixels, value);
        }
    }

    /// <summary>Checks a limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not from 1 to <see cref="Highest"/>.</exception>
    internal static void Check(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Highest);
    }

    /// <summary>What is wrong with an image's size, by the process's limit; null for nothing.</summary>
    internal static string? Fault(int height, int width) => Fault(height, width, Pixels);

    /// <summary>What is wrong with an image's size; null for nothing.</summary>
    internal static string? Fault(int height, int width, int limit) => (long)height * width <= limit
        ? null
        : $"The image has {width} x {height} pixels; the limit is {limit} (PerceiverImageConversion.MaxPixels).";
}
