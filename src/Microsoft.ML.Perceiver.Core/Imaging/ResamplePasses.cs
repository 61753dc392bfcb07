using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The two passes of Pillow's resize on pixels of four bytes. All sums are exact integers, so that their order does not matter.
/// </summary>
/// <remarks>
/// The loops are optimised at their first call: otherwise the first images would take a hundred times as long as later ones.
/// </remarks>
internal static unsafe class ResamplePasses
{
    /// <summary>The rows that the horizontal pass computes together, so that each weight is loaded once for all.</summary>
    internal const int RowsAtOnce = 4;

    /// <summary>The bytes that the vertical pass computes together; the length of rows is a multiple.</summary>
    internal const int BytesAtOnce = 32;

    private const int Half = 1 << (ResampleWeights.FractionBits - 1);

    /// <summary>Resizes four rows, some of which may be the same row.</summary>
    /// <param name="weights">The weights for a row's length.</param>
    /// <param name="s0">The first row, which has four bytes more than its pixels.</param>
    /// <param name="s1">The second.</param>
    /// <param name="s2">The third.</param>
    /// <param name="s3">The fourth.</param>
    /// <param name="t0">Receives the first row's result.</param>
    /// <param name="t1">The second's.</param>
    /// <param name="t2">The third's.</param>
    /// <param name="t3">The fourth's.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Horizontal(
        ResampleWeights weights, byte* s0, byte* s1, byte* s2, byte* s3, byte* t0, byte* t1, byte* t2, byte* t3)
    {
        int[] starts = weights.Starts;
        int[] counts = weights.Counts;
        var half = Vector128.Create(Half);
        fixed (int* all = weights.Weights)
        {
            int* own = all;
            for (int x = 0; x < starts.Length; x++, own += weights.Stride)
            {
                nint at = (nint)starts[x] * 4;
                int count = counts[x];
                Vector256<int> a = default, b = default, c = default, d = default;
                // Two pixels at a time; where the count is odd the last weight is zero.
                for (int k = 0; k < count; k += 2, at += 8)
                {
                    var weight = Vector256.Create(Vector128.Create(own[k]), Vector128.Create(own[k + 1]));
                    a += Widen(s0 + at) * weight;
                    b += Widen(s1 + at) * weight;
                    c += Widen(s2 + at) * weight;
                    d += Widen(s3 + at) * weight;
                }

                var pixels = Pack(Join(a) + half, Join(b) + half, Join(c) + half, Join(d) + half).AsUInt32();
                ((uint*)t0)[x] = pixels[0];
                ((uint*)t1)[x] = pixels[1];
                ((uint*)t2)[x] = pixels[2];
                ((uint*)t3)[x] = pixels[3];
            }
        }
    }

    /// <summary>Makes one row from some rows of a ring.</summary>
    /// <param name="weights">The weights of the rows.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="ring">The rows, one after the other.</param>
    /// <param name="ringRows">The number of rows in the ring.</param>
    /// <param name="first">The index in the ring of the first row; after the last index follows the first.</param>
    /// <param name="rowBytes">The bytes of a row.</param>
    /// <param name="target">Receives the result.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Vertical(int* weights, int count, byte* ring, int ringRows, int first, int rowBytes, byte* target)
    {
        // The rows are one range of the ring, or two where they pass its end.
        int before = Math.Min(count, ringRows - first);
        var half = Vector256.Create(Half);
        for (int x = 0; x < rowBytes; x += BytesAtOnce)
        {
            Vector256<int> a = half, b = half, c = half, d = half;
            Add(ring + ((nint)first * rowBytes + x), weights, before, rowBytes, ref a, ref b, ref c, ref d);
            Add(ring + x, weights + before, count - before, rowBytes, ref a, ref b, ref c, ref d);
            Pack(a.GetLower(), a.GetUpper(), b.GetLower(), b.GetUpper()).Store(target + x);
            Pack(c.GetLower(), c.GetUpper(), d.GetLower(), d.GetUpper()).Store(target + x + 16);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        byte* row,
        int* weights,
        int count,
        int rowBytes,
        ref Vector256<int> a,
        ref Vector256<int> b,
        ref Vector256<int> c,
        ref Vector256<int> d)
    {
        Vector256<int> sa = a, sb = b, sc = c, sd = d;
        for (int k = 0; k < count; k++, row += rowBytes)
        {
            var weight = Vector256.Create(weights[k]);
            sa += Widen(row) * weight;
            sb += Widen(row + 8) * weight;
            sc += Widen(row + 16) * weight;
            sd += Widen(row + 24) * weight;
        }

        (a, b, c, d) = (sa, sb, sc, sd);
    }

    /// <summary>Eight bytes as ints.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Widen(byte* bytes)
    {
        if (Avx2.IsSupported)
            return Avx2.ConvertToVector256Int32(bytes);
        var shorts = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)bytes).AsByte());
        var (lower, upper) = Vector128.Widen(shorts);
        return Vector256.Create(lower, upper).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Join(Vector256<int> pixels) => pixels.GetLower() + pixels.GetUpper();

    /// <summary>Converts sums to bytes: the fraction is dropped, and values are clamped to the range of a byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Pack(Vector128<int> a, Vector128<int> b, Vector128<int> c, Vector128<int> d) =>
        Vector128.Narrow(
            Vector128.Narrow(Clamp(a), Clamp(b)).AsUInt16(),
            Vector128.Narrow(Clamp(c), Clamp(d)).AsUInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Clamp(Vector128<int> sum) =>
        Vector128.Min(Vector128.Max(sum >> ResampleWeights.FractionBits, Vector128<int>.Zero), Vector128.Create(255));
}
