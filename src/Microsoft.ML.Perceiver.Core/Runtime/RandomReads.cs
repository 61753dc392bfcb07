using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Perceiver;

/// <summary>Reads from anywhere in a file.</summary>
internal static class RandomReads
{
    /// <summary>Reads bytes at an offset. Several threads may.</summary>
    /// <exception cref="IOException">The file ends before the last of them; the message has its name.</exception>
    internal static void ReadExactly(this SafeFileHandle file, long offset, Span<byte> bytes, string name)
    {
        while (bytes.Length > 0)
        {
            int read = RandomAccess.Read(file, bytes, offset);
            if (read == 0)
                throw new IOException($"'{name}' ends at byte {offset}; it became shorter while it was in use.");
            bytes = bytes[read..];
            offset += read;
        }
    }
}
