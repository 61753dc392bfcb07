using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// What surrounds a product of 8-bit integers, each in one pass over the numbers: libtorch's own operations would take a pass each for the
/// least value, the largest one, the difference, the quotient and so on. A row's smallest and largest values become 0 and the last integer.
/// </summary>
internal static class Int8Rows
{
    // Fewer numbers are done before another thread has begun.
    private const long LeastNumbersOfThread = 1L << 20;

    /// <summary>Rounds rows to bytes.</summary>
    /// <param name="rows">[rows, inputs], float32, contiguous.</param>
    /// <param name="levels">The last integer.</param>
    /// <param name="terms">[rows, 2]: receives what a byte's unit is, and the row's least value.</param>
    /// <returns>[rows, inputs], bytes.</returns>
    internal static Tensor ToBytes(Tensor rows, int levels, Span<float> terms)
    {
        var result = empty(rows.shape, ScalarType.Byte);
        int width = (int)rows.shape[1];
        unsafe
        {
            fixed (byte* from = rows.bytes, to = result.bytes)
            fixed (float* found = terms)
            {
                var (source, target, ends) = ((nint)from, (nint)to, (nint)found);
                ForEachRow(rows.shape[0], width, row => ToBytes(
                    new ReadOnlySpan<float>((float*)source + row * width, width),
                    new Span<byte>((byte*)target + row * width, width),
                    levels,
                    new Span<float>((float*)ends + 2 * row, 2)));
            }
        }

        return result;
    }

    /// <summary>
    /// Turns products of bytes into those of the numbers: y times the row's unit, plus its least value times the sums, plus the bias.
    /// </summary>
    /// <param name="products">[rows, outputs], float32; they are replaced.</param>
    /// <param name="terms">[rows, 2]: what <see cref="ToBytes(Tensor, int, Span{float})"/> found.</param>
    /// <param name="sums">[outputs]: the sums of the weights.</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="residual">Added, [rows, outputs], contiguous; null for none.</param>
    internal static void Finish(Tensor products, ReadOnlySpan<float> terms, Tensor sums, Tensor bias, Tensor? residual)
    {
        int width = (int)products.shape[1];
        unsafe
        {
            fixed (byte* y = products.bytes, s = sums.bytes, b = bias.bytes, r = residual is null ? default : residual.bytes)
            fixed (float* found = terms)
            {
                var (target, ends, weights, constants, added) = ((nint)y, (nint)found, (nint)s, (nint)b, (nint)r);
                ForEachRow(products.shape[0], width, row => Finish(
                    new Span<float>((float*)target + row * width, width),
                    ((float*)ends)[2 * row],
                    ((float*)ends)[2 * row + 1],
                    new ReadOnlySpan<float>((float*)weights, width),
                    new ReadOnlySpan<float>((float*)constants, width),
                    added == 0 ? default : new ReadOnlySpan<float>((float*)added + row * width, width)));
            }
        }
    }

    private static void ForEachRow(long rows, int width, Action<long> run)
    {
        if (rows * width >= 2 * LeastNumbersOfThread)
        {
            Parallel.For(0, rows, run);
            return;
        }

        for (long row = 0; row < rows; row++)
            run(row);
    }

    private static void ToBytes(ReadOnlySpan<float> row, Span<byte> bytes, int levels, Span<float> terms)
    {
        var (low, high) = Ends(row);
        float size = Math.Max(high - low, 1e-30f);
        terms[0] = size / levels;
        terms[1] = low;
        float perUnit = levels / size, offset = 0.5f - low * perUnit;
        int at = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var (factor, shift) = (Vector256.Create(perUnit), Vector256.Create(offset));
            ref float source = ref MemoryMarshal.GetReference(row);
            ref byte target = ref MemoryMarshal.GetReference(bytes);
            for (; at <= row.Length - Vector256<byte>.Count; at += Vector256<byte>.Count)
            {
                var lower = Vector256.Narrow(Rounded(ref source, at, factor, shift), Rounded(ref source, at + 8, factor, shift));
                var upper = Vector256.Narrow(Rounded(ref source, at + 16, factor, shift), Rounded(ref source, at + 24, factor, shift));
                Vector256.Narrow(lower.AsUInt16(), upper.AsUInt16()).StoreUnsafe(ref target, (nuint)at);
            }
        }

        for (; at < row.Length; at++)
            bytes[at] = (byte)(row[at] * perUnit + offset);
    }

    private static Vector256<int> Rounded(ref float source, int at, Vector256<float> factor, Vector256<float> shift) =>
        Vector256.ConvertToInt32(Vector256.LoadUnsafe(ref source, (nuint)at) * factor + shift);

    private static (float Low, float High) Ends(ReadOnlySpan<float> row)
    {
        float low = row[0], high = row[0];
        int at = 0;
        if (Vector256.IsHardwareAccelerated && row.Length >= Vector256<float>.Count)
        {
            ref float source = ref MemoryMarshal.GetReference(row);
            var least = Vector256.LoadUnsafe(ref source);
            var largest = least;
            for (; at <= row.Length - Vector256<float>.Count; at += Vector256<float>.Count)
            {
                var values = Vector256.LoadUnsafe(ref source, (nuint)at);
                least = Vector256.Min(least, values);
                largest = Vector256.Max(largest, values);
            }

            for (int i = 0; i < Vector256<float>.Count; i++)
                (low, high) = (Math.Min(low, least[i]), Math.Max(high, largest[i]));
        }

        for (; at < row.Length; at++)
            (low, high) = (Math.Min(low, row[at]), Math.Max(high, row[at]));
        return (low, high);
    }

    private static void Finish(
        Span<float> products, float unit, float low, ReadOnlySpan<float> sums, ReadOnlySpan<float> bias, ReadOnlySpan<float> residual)
    {
        int at = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var (factor, least) = (Vector256.Create(unit), Vector256.Create(low));
            ref float target = ref MemoryMarshal.GetReference(products);
            ref float weights = ref MemoryMarshal.GetReference(sums);
            ref float constants = ref MemoryMarshal.GetReference(bias);
            ref float added = ref MemoryMarshal.GetReference(residual);
            for (; at <= products.Length - Vector256<float>.Count; at += Vector256<float>.Count)
            {
                nuint i = (nuint)at;
                var y = Vector256.LoadUnsafe(ref target, i) * factor;
                y += Vector256.LoadUnsafe(ref weights, i) * least + Vector256.LoadUnsafe(ref constants, i);
                if (!residual.IsEmpty)
                    y += Vector256.LoadUnsafe(ref added, i);
                y.StoreUnsafe(ref target, i);
            }
        }

        for (; at < products.Length; at++)
            products[at] = products[at] * unit + (sums[at] * low + bias[at]) + (residual.IsEmpty ? 0 : residual[at]);
    }
}
