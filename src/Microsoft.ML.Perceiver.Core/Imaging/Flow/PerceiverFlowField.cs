namespace Microsoft.ML.Perceiver;

/// <summary>
/// Optical flow: the motion of every pixel of a frame to the next one, in pixels to the right (u) and down (v).
/// </summary>
/// <remarks>The numbers are not copied: changing the array changes the flow.</remarks>
public sealed class PerceiverFlowField
{
    /// <summary>Numbers of a pixel: u and v.</summary>
    public const int Components = 2;

    /// <summary>A component as large as this, or not a number, marks an unknown motion (Middlebury's convention).</summary>
    public const float UnknownThreshold = 1e9f;

    /// <summary>The most pixels of a flow that is read from a file; its numbers take half a gigabyte.</summary>
    internal const long MaxFilePixels = 1L << 26;

    /// <summary>Makes a flow from its numbers.</summary>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="values">u and v of each pixel, the top row first: <paramref name="height"/> x <paramref name="width"/> x 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    /// <exception cref="ArgumentException">The number of values does not fit the sizes.</exception>
    public PerceiverFlowField(int height, int width, float[] values)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != (Int128)height * width * Components)
        {
            throw new ArgumentException(
                $"A flow of {height} x {width} pixels has {(Int128)height * width * Components} numbers, not {values.Length}.",
                nameof(values));
        }

        Height = height;
        Width = width;
        Values = values;
    }

    /// <summary>Makes a flow without motion.</summary>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <exception cref="ArgumentException">A size is not positive, or there are too many pixels.</exception>
    public PerceiverFlowField(int height, int width) : this(height, width, Zeros(height, width))
    {
    }

    /// <summary>The height in pixels.</summary>
    public int Height { get; }

    /// <summary>The width in pixels.</summary>
    public int Width { get; }

    /// <summary>u and v of each pixel, the top row first.</summary>
    public float[] Values { get; }

    /// <summary>A pixel's motion.</summary>
    /// <param name="y">Its row.</param>
    /// <param name="x">Its column.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pixel.</exception>
    public (float U, float V) this[int y, int x]
    {
        get
        {
            int at = IndexOf(y, x);
            return (Values[at], Values[at + 1]);
        }

        set
        {
            int at = IndexOf(y, x);
            (Values[at], Values[at + 1]) = value;
        }
    }

    /// <summary>Whether a pixel's motion is known.</summary>
    /// <param name="y">Its row.</param>
    /// <param name="x">Its column.</param>
    /// <returns>False where the motion is not a number.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pixel.</exception>
    public bool IsKnown(int y, int x) => IsKnownAt(IndexOf(y, x));

    /// <summary>Whether the motion at an index of <see cref="Values"/> is known.</summary>
    internal bool IsKnownAt(int index) =>
        Math.Abs(Values[index]) < UnknownThreshold && Math.Abs(Values[index + 1]) < UnknownThreshold;

    private int IndexOf(int y, int x)
    {
        if ((uint)y >= (uint)Height)
            throw new ArgumentOutOfRangeException(nameof(y), y, $"The flow has {Height} rows.");
        if ((uint)x >= (uint)Width)
            throw new ArgumentOutOfRangeException(nameof(x), x, $"The flow has {Width} columns.");
        return (y * Width + x) * Components;
    }

    private static float[] Zeros(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        long values = (long)height * width * Components;
        return values <= Array.MaxLength
            ? new float[values]
            : throw new ArgumentException($"A flow of {height} x {width} pixels does not fit into an array.", nameof(height));
    }
}
