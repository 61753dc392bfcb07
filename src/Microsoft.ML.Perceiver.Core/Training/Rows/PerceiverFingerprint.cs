using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Microsoft.ML.Perceiver;

/// <summary>A hash (SHA-256) of a data set, by which a run folder refuses other rows than those it began with.</summary>
public sealed class PerceiverFingerprint : IDisposable
{
    private const int SampledRows = 2048;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Rows spread evenly over all rows, every one where there are few: enough to detect other data at little cost.</summary>
    /// <param name="rows">How many rows there are.</param>
    /// <returns>Row numbers in rising order.</returns>
    public static IEnumerable<int> Sample(int rows)
    {
        int step = Math.Max(1, rows / SampledRows);
        for (long row = 0; row < rows; row += step)
            yield return (int)row;
    }

    /// <summary>Adds values and their number, so that other borders between rows give another hash.</summary>
    /// <typeparam name="T">The type of a value.</typeparam>
    /// <param name="values">The values.</param>
    public void Add<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        _hash.AppendData(BitConverter.GetBytes(values.Length));
        _hash.AppendData(MemoryMarshal.AsBytes(values));
    }

    /// <summary>Adds a number.</summary>
    /// <param name="value">The number.</param>
    public void Add(long value) => _hash.AppendData(BitConverter.GetBytes(value));

    /// <summary>The hash of all that was added, in hexadecimal digits.</summary>
    internal string Finish() => Convert.ToHexString(_hash.GetHashAndReset());

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}
