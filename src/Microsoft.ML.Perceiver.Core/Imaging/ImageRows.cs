using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The rows of a crop with four bytes for each pixel, so that one kernel works for all layouts. Images of that layout are read in place;
/// the fourth byte is ignored.
/// </summary>
internal readonly ref struct ImageRows
{
    /// <summary>The bytes after a row's last pixel that may be read, but are not used.</summary>
    internal const int Slack = 4;

    private readonly ReadOnlySpan<byte> _pixels;
    private readonly PerceiverImage _image;
    private readonly CropWindow _crop;
    // The columns of the crop that are in the image.
    private readonly int _padding;
    private readonly int _first;
    private readonly int _count;

    internal ImageRows(PerceiverImage image, CropWindow crop)
    {
        _pixels = image.Pixels.Span;
        _image = image;
        _crop = crop;
        _padding = Math.Max(-crop.Left, 0);
        _first = Math.Max(crop.Left, 0);
        _count = Math.Min(crop.Width - _padding, image.Width - _first);
    }

    /// <summary>The length of a buffer for one row.</summary>
    /// <exception cref="ArgumentException">It is longer than an array can be.</exception>
    internal static int BufferLength(CropWindow crop)
    {
        long length = (long)crop.Width * 4 + Slack;
        return length <= Array.MaxLength ? (int)length : throw new ArgumentException($"Rows of {crop.Width} pixels are too long.");
    }

    /// <summary>A row of the crop.</summary>
    /// <param name="row">Its number in the crop.</param>
    /// <param name="buffer">
    /// A buffer for it, which the next call may overwrite. Outside the image it must be zero before the first call.
    /// </param>
    /// <returns>The row, followed by <see cref="Slack"/> bytes: in the buffer, or in the image.</returns>
    internal ReadOnlySpan<byte> Row(int row, Span<byte> buffer)
    {
        int y = _crop.Top + row;
        var target = buffer.Slice(_padding * 4, _count * 4);
        if (y < 0 || y >= _image.Height)
        {
            target.Clear();
            return buffer;
        }

        int channels = _image.Channels;
        if (_image.Layout == PerceiverImageLayout.ChannelsFirst && channels > 1)
        {
            int plane = _image.Height * _image.Width;
            int at = y * _image.Width + _first;
            Join(_pixels.Slice(at, _count), _pixels.Slice(plane + at, _count), _pixels.Slice(2 * plane + at, _count), target);
            return buffer;
        }

        int start = (y * _image.Width + _first) * channels;
        if (channels == 1)
        {
            Repeat(_pixels.Slice(start, _count), target);
            return buffer;
        }

        if (channels == 3)
        {
            Spread(_pixels.Slice(start, _count * 3), target);
            return buffer;
        }

        if (_count == _crop.Width && _pixels.Length - start >= _count * 4 + Slack)
            return _pixels[start..];
        _pixels.Slice(start, _count * 4).CopyTo(target);
        return buffer;
    }

    private static void Repeat(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var pixels = MemoryMarshal.Cast<byte, uint>(target);
        for (int x = 0; x < source.Length; x++)
            pixels[x] = source[x] * 0x01010101u;
    }

    private static void Join(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, Span<byte> target)
    {
        var pixels = MemoryMarshal.Cast<byte, uint>(target);
        second = second[..first.Length];
        third = third[..first.Length];
        pixels = pixels[..first.Length];
        for (int x = 0; x < first.Length; x++)
            pixels[x] = first[x] | (uint)second[x] << 8 | (uint)third[x] << 16;
    }

    private static void Spread(ReadOnlySpan<byte> source, Span<byte> target)
    {
        int x = 0;
        int count = target.Length / 4;
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref byte to = ref MemoryMarshal.GetReference(target);
        // Four pixels are 12 bytes, but 16 are read.
        for (; x * 3 + 16 <= source.Length; x += 4)
        {
            var packed = Vector128.LoadUnsafe(ref from, (nuint)x * 3);
            var order = Vector128.Create((byte)0, 1, 2, 255, 3, 4, 5, 255, 6, 7, 8, 255, 9, 10, 11, 255);
            Vector128.Shuffle(packed, order).StoreUnsafe(ref to, (nuint)x * 4);
        }

        for (; x < count; x++)
        {
            ref byte pixel = ref Unsafe.Add(ref to, x * 4);
            pixel = Unsafe.Add(ref from, x * 3);
            Unsafe.Add(ref pixel, 1) = Unsafe.Add(ref from, x * 3 + 1);
            Unsafe.Add(ref pixel, 2) = Unsafe.Add(ref from, x * 3 + 2);
        }
    }
}
