using System.Buffers;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Crops, resizes and scales one image row by row, in the two passes of Pillow: horizontal before vertical, with bytes between them, of
/// which only the rows that the next row of the result needs are kept.
/// </summary>
internal static unsafe class ImageResampler
{
    internal static void Resize(
        PerceiverImage image,
        CropWindow crop,
        int height,
        int width,
        PerceiverResampling resampling,
        ChannelTables tables,
        PerceiverImageLayout layout,
        Span<float> result)
    {
        int bufferBytes = ImageRows.BufferLength(crop);
        var across = ResampleWeights.For(crop.Width, width, resampling);
        var down = ResampleWeights.For(crop.Height, height, resampling);
        int rowBytes = (width * 4 + ResamplePasses.BytesAtOnce - 1) & -ResamplePasses.BytesAtOnce;
        // Rows are made in groups when one is missing; the others of the group must not replace a row that is still needed.
        int ringRows = (down?.MaxCount ?? 1) + ResamplePasses.RowsAtOnce - 1;
        long total = (ringRows + 1L) * rowBytes + (long)bufferBytes * ResamplePasses.RowsAtOnce;
        if (total > Array.MaxLength)
        {
            throw new ArgumentException(
                $"Resizing {crop.Height} x {crop.Width} pixels to {height} x {width} would take {total} bytes, more than fit into memory.",
                nameof(image));
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent((int)total);
        try
        {
            var rows = new ImageRows(image, crop);
            var ring = new RowRing(rented.AsSpan(0, ringRows * rowBytes), rowBytes);
            var output = rented.AsSpan(ring.Bytes.Length, rowBytes);
            var buffers = rented.AsSpan(ring.Bytes.Length + rowBytes, bufferBytes * ResamplePasses.RowsAtOnce);
            buffers.Clear();
            int made = 0;
            for (int y = 0; y < height; y++)
            {
                int first = down?.Starts[y] ?? y;
                int end = first + (down?.Counts[y] ?? 1);
                while (made < end)
                {
                    int count = Math.Min(ResamplePasses.RowsAtOnce, crop.Height - made);
                    MakeRows(rows, across, made, count, width, buffers, ring);
                    made += count;
                }

                ReadOnlySpan<byte> row = ring.Row(first);
                if (down is not null)
                {
                    fixed (byte* from = ring.Bytes, to = output)
                    fixed (int* weights = &down.Weights[y * down.Stride])
                        ResamplePasses.Vertical(weights, end - first, from, ring.Rows, ring.PlaceOf(first), rowBytes, to);
                    row = output;
                }

                tables.Write(row, width, image.BlueFirst, result, RowPlace.Of(layout, tables.Channels, height, width, y));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static void MakeRows(
        ImageRows rows, ResampleWeights? across, int first, int count, int width, Span<byte> buffers, RowRing ring)
    {
        int length = buffers.Length / ResamplePasses.RowsAtOnce;
        if (across is null)
        {
            for (int row = first; row < first + count; row++)
                rows.Row(row, buffers[..length])[..(width * 4)].CopyTo(ring.Row(row));
            return;
        }

        // Where the image ends within the group, its last row is made more than once.
        int b = Math.Min(1, count - 1), c = Math.Min(2, count - 1), d = Math.Min(3, count - 1);
        fixed (byte* s0 = rows.Row(first, buffers[..length]))
        fixed (byte* s1 = rows.Row(first + b, buffers.Slice(b * length, length)))
        fixed (byte* s2 = rows.Row(first + c, buffers.Slice(c * length, length)))
        fixed (byte* s3 = rows.Row(first + d, buffers.Slice(d * length, length)))
        fixed (byte* t0 = ring.Row(first), t1 = ring.Row(first + b), t2 = ring.Row(first + c), t3 = ring.Row(first + d))
            ResamplePasses.Horizontal(across, s0, s1, s2, s3, t0, t1, t2, t3);
    }
}
