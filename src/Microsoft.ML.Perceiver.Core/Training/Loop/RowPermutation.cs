namespace Microsoft.ML.Perceiver;

/// <summary>
/// A random permutation of the numbers below a count in constant memory: a Feistel network over the next power of four, applied until the
/// result is below the count (Black and Rogaway 2002).
/// </summary>
internal sealed class RowPermutation
{
    private const int Rounds = 6;
    private readonly long _count;
    private readonly int _halfBits;
    private readonly ulong _mask;
    private readonly ulong _key;

    internal RowPermutation(long count, ulong key)
    {
        _count = count;
        _key = key;
        while (1L << (2 * _halfBits) < count)
            _halfBits++;
        _mask = (1UL << _halfBits) - 1;
    }

    /// <summary>The number at a position.</summary>
    internal long At(long position)
    {
        ulong x = (ulong)position;
        do
            x = Scramble(x);
        while (x >= (ulong)_count);
        return (long)x;
    }

    private ulong Scramble(ulong x)
    {
        ulong left = x >> _halfBits;
        ulong right = x & _mask;
        for (ulong round = 0; round < Rounds; round++)
        {
            ulong mixed = PerceiverRandom.Mix(right ^ _key ^ (round << 56)) & _mask;
            (left, right) = (right, left ^ mixed);
        }

        return (left << _halfBits) | right;
    }
}
