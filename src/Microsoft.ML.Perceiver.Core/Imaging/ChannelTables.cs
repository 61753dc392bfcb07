using System.Runtime.CompilerServices;

namespace Microsoft.ML.Perceiver;

/// <summary>Tables of rescaled and normalised values for the 256 values of a byte, one for each channel of the result.</summary>
internal sealed class ChannelTables
{
    private readonly float[][] _tables;

    /// <param name="options">The processor's settings.</param>
    /// <param name="channels">The channels of the result.</param>
    /// <param name="isUnit">Whether the bytes stand for numbers from 0 to 1, which they were made of to be resized.</param>
    internal ChannelTables(PerceiverImageProcessorOptions options, int channels, bool isUnit = false)
    {
        ImageOptionChecks.CheckChannels(options, channels);
        _tables = new float[channels][];
        for (int c = 0; c < channels; c++)
        {
            float[] table = _tables[c] = new float[256];
            float mean = (float)options.ImageMean[c % options.ImageMean.Count];
            float deviation = (float)options.ImageStd[c % options.ImageStd.Count];
            for (int v = 0; v < table.Length; v++)
            {
                // As in the reference, the product is computed in float64 and the rest in float32.
                float value = options.DoRescale ? (float)(v * options.RescaleFactor) : v;
                if (isUnit)
                    value = FloatPixels.Rescaled((float)(v * (1 / 255.0)), options);
                table[v] = options.DoNormalize ? (value - mean) / deviation : value;
            }
        }
    }

    internal int Channels => _tables.Length;

    /// <summary>Writes a row of pixels into the result.</summary>
    /// <param name="row">Four bytes for each pixel.</param>
    /// <param name="width">The number of pixels.</param>
    /// <param name="blueFirst">Whether blue is the first of the four bytes.</param>
    /// <param name="result">The floats of the whole result.</param>
    /// <param name="place">Where the values of the row are in it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Write(ReadOnlySpan<byte> row, int width, bool blueFirst, Span<float> result, RowPlace place)
    {
        row = row[..(width * 4)];
        for (int c = 0; c < _tables.Length; c++)
        {
            ReadOnlySpan<float> table = _tables[c];
            int source = blueFirst && Channels == 3 ? 2 - c : c;
            int start = place.Start + c * place.ChannelStride;
            if (place.PixelStride == 1)
            {
                var target = result.Slice(start, width);
                for (int x = 0; x < target.Length; x++, source += 4)
                    target[x] = table[row[source]];
                continue;
            }

            for (int x = 0; x < width; x++)
                result[start + x * place.PixelStride] = table[row[source + x * 4]];
        }
    }
}

/// <summary>Where the values of one row are in the result.</summary>
/// <param name="Start">The index of the first value of the first channel.</param>
/// <param name="PixelStride">The distance from a pixel to the next.</param>
/// <param name="ChannelStride">The distance from a channel to the next.</param>
internal readonly record struct RowPlace(int Start, int PixelStride, int ChannelStride)
{
    internal static RowPlace Of(PerceiverImageLayout layout, int channels, int height, int width, int row) =>
        layout == PerceiverImageLayout.ChannelsFirst
            ? new RowPlace(row * width, 1, height * width)
            : new RowPlace(row * width * channels, channels, 1);
}
