using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Microsoft.ML.Perceiver;

/// <summary>A short text that tells rows from other rows.</summary>
internal sealed class DataFingerprint : IDisposable
{
    private const int SampledRows = 2048;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Rows spread over all rows, every one where there are few: enough to tell other data at little cost.</summary>
    internal static IEnumerable<int> Sample(int rows)
    {
        int step = Math.Max(1, rows / SampledRows);
        for (long row = 0; row < rows; row += step)
            yield return (int)row;
    }

    internal void Add<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        // With their number, so that the end of one row is not mistaken for the beginning of the next.
        _hash.AppendData(BitConverter.GetBytes(values.Length));
        _hash.AppendData(MemoryMarshal.AsBytes(values));
    }

    internal void Add(long value) => _hash.AppendData(BitConverter.GetBytes(value));

    internal string Finish() => Convert.ToHexString(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
