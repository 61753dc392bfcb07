using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Perceiver;

/// <summary>The lines of a text file in UTF-8, read from the disk one by one. Several threads may read.</summary>
internal sealed class LineFile : IDisposable
{
    private const byte LineEnd = (byte)'\n';

    private readonly SafeFileHandle _file;
    private readonly string _path;

    // Where each line begins, and behind the last one where the next would begin.
    private readonly long[] _starts;

    /// <summary>Opens a file and finds its lines.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">It is a pipe or a device.</exception>
    internal LineFile(string path)
    {
        _path = path;
        _file = RegularFile.Open(path);
        try
        {
            _starts = FindLines();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    internal int Count => _starts.Length - 1;

    /// <summary>The bytes of a line, without its end but for the CR of CR LF.</summary>
    internal int LengthOf(int line) => checked((int)(_starts[line + 1] - 1 - _starts[line]));

    /// <summary>Reads a line.</summary>
    internal string Read(int line)
    {
        byte[] bytes = new byte[LengthOf(line)];
        _file.ReadExactly(_starts[line], bytes, _path);
        return Encoding.UTF8.GetString(bytes).TrimEnd('\r');
    }

    public void Dispose() => _file.Dispose();

    private long[] FindLines()
    {
        long length = RandomAccess.GetLength(_file);
        var starts = new List<long> { 0 };
        byte[] buffer = new byte[1 << 16];
        for (long offset = 0; offset < length;)
        {
            var read = buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - offset));
            _file.ReadExactly(offset, read, _path);
            for (int i = 0; i < read.Length; i++)
            {
                if (read[i] == LineEnd)
                    starts.Add(offset + i + 1);
            }

            offset += read.Length;
        }

        // The last line may have no end.
        if (starts[^1] < length)
            starts.Add(length + 1);
        return [.. starts];
    }
}
