using System.Runtime.CompilerServices;

namespace Microsoft.ML.Perceiver;

/// <summary>What becomes of each of the 256 values a byte has, for each channel of the result: rescaling and normalisation, looked up.</summary>
internal sealed class ChannelTables
{
    private readonly float[][] _tables;

    internal ChannelTables(PerceiverImageProcessorOptions options, int channels)
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
                // In the reference's precision: the product in float64, the rest in float32.
                float value = options.DoRescale ? (float)(v * options.RescaleFactor) : v;
                table[v] = options.DoNormalize ? (value - mean) / deviation : value;
            }
        }
    }

    internal int Channels => _tables.Length;

    /// <summary>Writes a row of pixels into a picture.</summary>
    /// <param name="row">Four bytes a pixel.</param>
    /// <param name="width">The number of pixels.</param>
    /// <param name="blueFirst">Whether blue is the first of the four bytes.</param>
    /// <param name="picture">The whole picture's floats.</param>
    /// <param name="place">Where the row's values stand in it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Write(ReadOnlySpan<byte> row, int width, bool blueFirst, Span<float> picture, RowPlace place)
    {
        row = row[..(width * 4)];
        for (int c = 0; c < _tables.Length; c++)
        {
            ReadOnlySpan<float> table = _tables[c];
            int source = blueFirst && Channels == 3 ? 2 - c : c;
            int start = place.Start + c * place.ChannelStride;
            if (place.PixelStride == 1)
            {
                var target = picture.Slice(start, width);
                for (int x = 0; x < target.Length; x++, source += 4)
                    target[x] = table[row[source]];
                continue;
            }

            for (int x = 0; x < width; x++)
                picture[start + x * place.PixelStride] = table[row[source + x * 4]];
        }
    }
}
