using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The vectors that another model, the teacher, gave for texts, in a file that <see cref="PerceiverTeacherVectorsWriter"/> wrote. A vector
/// is read from the disk each time, so that millions need no memory. Several threads may read.
/// </summary>
public sealed class PerceiverTeacherVectors : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly TeacherVectorsHeader _header;

    private PerceiverTeacherVectors(SafeFileHandle file, string path)
    {
        _file = file;
        _path = path;
        _header = TeacherVectorsHeader.Read(file, path);
        CheckLength();
    }

    /// <summary>How many vectors there are.</summary>
    public int Count => (int)_header.Count;

    /// <summary>Numbers of a vector.</summary>
    public int Dimension => _header.Dimension;

    /// <summary>The number format of the file: float32 or float16.</summary>
    public PerceiverPrecision Precision => _header.Precision;

    /// <summary>Opens a file. It must not change while it is open.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The vectors.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">It is no file of vectors, is cut off, has bytes too many, or was not completed.</exception>
    public static PerceiverTeacherVectors Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file of a teacher's vectors at '{path}'.", path);
        var file = RegularFile.Open(path);
        try
        {
            return new PerceiverTeacherVectors(file, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a vector.</summary>
    /// <param name="row">Its number, counted from 0.</param>
    /// <param name="vector">Takes it; has as many elements as a vector has numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public void Read(int row, Span<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
        if (vector.Length != Dimension)
            throw new ArgumentException($"The span has {vector.Length} elements; a vector has {Dimension} numbers.", nameof(vector));
        ObjectDisposedException.ThrowIf(_file.IsClosed, this);
        if (Precision == PerceiverPrecision.Float32)
        {
            _file.ReadExactly(_header.OffsetOf(row), MemoryMarshal.AsBytes(vector), _path);
            return;
        }

        Half[] halves = new Half[Dimension];
        _file.ReadExactly(_header.OffsetOf(row), MemoryMarshal.AsBytes(halves.AsSpan()), _path);
        for (int i = 0; i < halves.Length; i++)
            vector[i] = (float)halves[i];
    }

    /// <summary>Reads a vector.</summary>
    /// <param name="row">Its number, counted from 0.</param>
    /// <returns>The vector.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public float[] Read(int row)
    {
        float[] vector = new float[Dimension];
        Read(row, vector);
        return vector;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private void CheckLength()
    {
        long length = RandomAccess.GetLength(_file);
        if (_header.Count == TeacherVectorsHeader.Incomplete)
            throw new FormatException($"'{_path}' was not completed: the program that wrote it ended before its last vector.");
        long needed = _header.OffsetOf(_header.Count);
        if (length < needed)
            throw new FormatException($"'{_path}' is cut off: it has {length} bytes, and its {Count} vectors need {needed}.");
        if (length > needed)
            throw new FormatException($"'{_path}' has {length - needed} bytes behind the last of its {Count} vectors.");
    }
}
