using System.Runtime.InteropServices;

namespace Microsoft.ML.Perceiver;

/// <summary>Crops, resizes by the nearest pixel, and scales one image.</summary>
internal static class NearestResampler
{
    internal static void Resize(
        PerceiverImage image,
        CropWindow crop,
        int height,
        int width,
        ChannelTables tables,
        PerceiverImageLayout layout,
        Span<float> result)
    {
        var rows = new ImageRows(image, crop);
        int[] columns = Places(crop.Width, width);
        int[] lines = Places(crop.Height, height);
        byte[] buffer = new byte[ImageRows.BufferLength(crop)];
        byte[] bytes = new byte[width * 4];
        var output = MemoryMarshal.Cast<byte, uint>(bytes.AsSpan());
        int last = -1;
        for (int y = 0; y < height; y++)
        {
            if (lines[y] != last)
            {
                last = lines[y];
                var row = MemoryMarshal.Cast<byte, uint>(rows.Row(last, buffer));
                for (int x = 0; x < columns.Length; x++)
                    output[x] = row[columns[x]];
            }

            tables.Write(bytes, width, image.BlueFirst, result, RowPlace.Of(layout, tables.Channels, height, width, y));
        }
    }

    /// <summary>The input pixel of each output pixel.</summary>
    private static int[] Places(int input, int output)
    {
        double step = (double)input / output;
        double place = step * 0.5;
        int[] places = new int[output];
        for (int i = 0; i < output; i++)
        {
            places[i] = Math.Min((int)place, input - 1);
            // Added, not multiplied, as in Pillow: the rounding decides between two pixels.
            place += step;
        }

        return places;
    }
}
