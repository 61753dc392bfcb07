using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>The values of images that come as vectors of Single.</summary>
/// <param name="Range">What they mean.</param>
/// <param name="Column">Their column, for messages.</param>
internal sealed record PixelValues(PerceiverPixelRange Range, string Column)
{
    /// <summary>A pixel's value as a byte, rounded.</summary>
    /// <param name="value">The value.</param>
    /// <param name="index">Its place, for messages.</param>
    /// <exception cref="RowException">It is out of the range.</exception>
    internal byte ToByte(float value, int index)
    {
        float scaled = Range == PerceiverPixelRange.ZeroToOne ? value * byte.MaxValue : value;
        return scaled is > -0.5f and < 255.5f ? (byte)MathF.Round(scaled) : throw OutOfRange(value, index);
    }

    /// <summary>
    /// Refuses values that were scaled to the numbers from 0 to 1, or from -1 to 1, where they should be from 0 to 255: as such all would
    /// be black.
    /// </summary>
    /// <param name="values">The values of a row: those of an image, or of several.</param>
    /// <exception cref="RowException">None is beyond 1, and some are no whole numbers.</exception>
    internal void RefuseScaled(VBuffer<float> values)
    {
        if (Range == PerceiverPixelRange.ZeroTo255 && IsScaled(values))
        {
            throw new RowException(
                0,
                $"the values in the column '{Column}' are at most 1, as if they had been scaled; a pixel is from 0 to 255. "
                + "Set PixelRange to ZeroToOne, or leave out scaleImage and offsetImage of ExtractPixels.");
        }
    }

    /// <summary>Whether the values are from 0 to 1: by the range, or, where it does not say so, by what they are.</summary>
    /// <exception cref="RowException">They should be, but one is not.</exception>
    internal bool AreUnit(VBuffer<float> values)
    {
        if (Range == PerceiverPixelRange.ZeroTo255)
            return IsScaled(values);
        foreach (var value in values.Items())
        {
            if (value.Value is not (>= 0 and <= 1))
                throw OutOfRange(value.Value, value.Key);
        }

        return true;
    }

    private RowException OutOfRange(float value, int index)
    {
        string range = Range == PerceiverPixelRange.ZeroToOne ? "0 to 1 (PixelRange)" : "0 to 255";
        return new RowException(0, $"the value {index} in the column '{Column}' is {value}; a pixel is from {range}.");
    }

    // None is beyond 1, and some are no whole numbers.
    private static bool IsScaled(VBuffer<float> values)
    {
        bool hasFraction = false;
        foreach (float value in values.GetValues())
        {
            // Also where it is no number.
            if (!(MathF.Abs(value) <= 1))
                return false;
            hasFraction |= value != MathF.Round(value);
        }

        return hasFraction;
    }
}
