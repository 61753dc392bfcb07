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
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Highest);
            Volatile.Write(ref s_pixels, value);
        }
    }

    /// <summary>What is wrong with an image's size; null for nothing.</summary>
    internal static string? Fault(int height, int width) => (long)height * width <= Pixels
        ? null
        : $"The image has {width} x {height} pixels; the limit is {Pixels} (PerceiverImageConversion.MaxPixels).";
}
