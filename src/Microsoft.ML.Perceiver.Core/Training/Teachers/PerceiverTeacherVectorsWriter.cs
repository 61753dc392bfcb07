using System.Runtime.InteropServices;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Writes a teacher's vectors into a file, vector by vector, for <see cref="PerceiverTeacherVectors"/> to read. The file has a header of 32
/// bytes and the numbers, all little-endian; its layout is in docs/sentence-embeddings.md. A file that was not completed is refused when
/// it is read.
/// </summary>
public sealed class PerceiverTeacherVectorsWriter : IDisposable
{
    private readonly FileStream _stream;
    private readonly TeacherVectorsHeader _header;
    private bool _isComplete;

    /// <summary>Makes a file; one that is there is replaced.</summary>
    /// <param name="path">The file; its folder is made where it is missing.</param>
    /// <param name="dimension">Numbers of a vector, from 1 to 1,048,576.</param>
    /// <param name="precision">The number format of the file, float16 (the default) or float32.</param>
    /// <exception cref="ArgumentOutOfRangeException">The dimension or the precision is not allowed.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public PerceiverTeacherVectorsWriter(string path, int dimension, PerceiverPrecision precision = PerceiverPrecision.Float16)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, TeacherVectorsHeader.MaxDimension);
        if (precision is not (PerceiverPrecision.Float16 or PerceiverPrecision.Float32))
            throw new ArgumentOutOfRangeException(nameof(precision), precision, "Vectors are written as float16 or float32.");
        _header = new TeacherVectorsHeader(precision, dimension, TeacherVectorsHeader.Incomplete);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
        _stream.Write(_header.ToBytes());
    }

    /// <summary>How many vectors the file has so far.</summary>
    public int Count { get; private set; }

    /// <summary>Numbers of a vector.</summary>
    public int Dimension => _header.Dimension;

    /// <summary>The number format of the file.</summary>
    public PerceiverPrecision Precision => _header.Precision;

    /// <summary>Adds a vector.</summary>
    /// <param name="vector">Its numbers.</param>
    /// <exception cref="ArgumentException">It has another number of numbers, or one that is not finite in the file's format.</exception>
    /// <exception cref="InvalidOperationException">The file is complete, or has as many vectors as a file may have.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(ReadOnlySpan<float> vector)
    {
        if (vector.Length != Dimension)
            throw new ArgumentException($"Vector {Count} has {vector.Length} numbers; the file's have {Dimension}.", nameof(vector));
        if (_isComplete || Count == int.MaxValue)
            throw new InvalidOperationException("Nothing can be added to the file of vectors any more.");
        Half[] halves = Precision == PerceiverPrecision.Float16 ? new Half[vector.Length] : [];
        for (int i = 0; i < vector.Length; i++)
        {
            if (halves.Length > 0)
                halves[i] = (Half)vector[i];
            bool isFinite = float.IsFinite(vector[i]) && (halves.Length == 0 || Half.IsFinite(halves[i]));
            if (!isFinite)
                throw new ArgumentException($"Number {i} of vector {Count} is {vector[i]}, not finite as {Precision}.", nameof(vector));
        }

        _stream.Write(halves.Length > 0 ? MemoryMarshal.AsBytes(halves.AsSpan()) : MemoryMarshal.AsBytes(vector));
        Count++;
    }

    /// <summary>Writes the number of vectors into the header; the file can then be read, and nothing be added.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Complete()
    {
        if (_isComplete)
            return;
        // The vectors first: a header that counts them must not be on the disk before they are.
        _stream.Flush(flushToDisk: true);
        _stream.Seek(0, SeekOrigin.Begin);
        _stream.Write((_header with { Count = Count }).ToBytes());
        _stream.Flush(flushToDisk: true);
        _isComplete = true;
    }

    /// <summary>Closes the file, complete or not.</summary>
    public void Dispose() => _stream.Dispose();
}
