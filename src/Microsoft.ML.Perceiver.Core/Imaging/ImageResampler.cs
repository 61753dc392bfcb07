using System.Buffers;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Crops, resizes and scales one picture, row by row: Pillow's two passes, horizontal before vertical with bytes between them, of which
/// only as many rows are held as one row of the result is made of.
/// </summary>
internal static unsafe class ImageResampler
{
    internal static void Resize(
        PerceiverImage image, CropWindow crop, int height, int width, PerceiverResampling resampling, ChannelTables tables, PerceiverImageLayout layout, Span<float> result)
    {
        var across = ResampleWeights.For(crop.Width, width, resampling);
        var down = ResampleWeights.For(crop.Height, height, resampling);
        var rows = new PictureRows(image, crop);
        int rowBytes = (width * 4 + PictureRows.Slack + ResamplePasses.BytesAtOnce - 1) & -ResamplePasses.BytesAtOnce;
        // A group of rows is made when one is missing: the others of the group must not push out any still needed.
        int ringRows = (int)Math.Min((long)(down?.MaxCount ?? 1) + ResamplePasses.RowsAtOnce - 1, crop.Height + ResamplePasses.RowsAtOnce - 1);
        long bufferBytes = PictureRows.BufferLength(crop);
        long total = (ringRows + 1L) * rowBytes + bufferBytes * ResamplePasses.RowsAtOnce;
        if (total > Array.MaxLength)
            throw new ArgumentException($"Resizing {crop.Height} x {crop.Width} pixels to {height} x {width} would take {total} bytes, more than fit into memory.", nameof(image));
        byte[] rented = ArrayPool<byte>.Shared.Rent((int)total);
        try
        {
            var ring = rented.AsSpan(0, ringRows * rowBytes);
            var output = rented.AsSpan(ring.Length, rowBytes);
            var buffers = rented.AsSpan(ring.Length + rowBytes, (int)bufferBytes * ResamplePasses.RowsAtOnce);
            buffers.Clear();
            int made = 0;
            for (int y = 0; y < height; y++)
            {
                int first = down?.Starts[y] ?? y;
                int count = down?.Counts[y] ?? 1;
                while (made < first + count)
                {
                    int group = Math.Min(ResamplePasses.RowsAtOnce, crop.Height - made);
                    if (across is null)
                        CopyAcross(rows, made, group, buffers, ring, ringRows, rowBytes, width);
                    else
                        ResizeAcross(rows, across, made, group, buffers, ring, ringRows, rowBytes);
                    made += group;
                }

                int place = first % ringRows;
                ReadOnlySpan<byte> row = ring.Slice(place * rowBytes, rowBytes);
                if (down is not null)
                {
                    fixed (byte* from = ring, to = output)
                    fixed (int* weights = &down.Weights[y * down.Stride])
                        ResamplePasses.Vertical(weights, count, from, ringRows, place, rowBytes, to);
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

    private static void CopyAcross(PictureRows rows, int made, int group, Span<byte> buffers, Span<byte> ring, int ringRows, int rowBytes, int width)
    {
        var buffer = buffers[..(buffers.Length / ResamplePasses.RowsAtOnce)];
        for (int i = 0; i < group; i++)
            rows.Row(made + i, buffer)[..(width * 4)].CopyTo(ring.Slice((made + i) % ringRows * rowBytes, rowBytes));
    }

    private static void ResizeAcross(
        PictureRows rows, ResampleWeights across, int made, int group, Span<byte> buffers, Span<byte> ring, int ringRows, int rowBytes)
    {
        int length = buffers.Length / ResamplePasses.RowsAtOnce;
        // Where the picture ends before the group does, its last row is done more than once.
        int b = Math.Min(1, group - 1), c = Math.Min(2, group - 1), d = Math.Min(3, group - 1);
        fixed (byte* s0 = rows.Row(made, buffers[..length]))
        fixed (byte* s1 = rows.Row(made + b, buffers.Slice(b * length, length)))
        fixed (byte* s2 = rows.Row(made + c, buffers.Slice(c * length, length)))
        fixed (byte* s3 = rows.Row(made + d, buffers.Slice(d * length, length)))
        fixed (byte* to = ring)
        {
            ResamplePasses.Horizontal(
                across, s0, s1, s2, s3,
                to + made % ringRows * rowBytes, to + (made + b) % ringRows * rowBytes, to + (made + c) % ringRows * rowBytes, to + (made + d) % ringRows * rowBytes);
        }
    }
}
