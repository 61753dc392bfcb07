using System.Text;
using System.Text.Unicode;

namespace Microsoft.ML.Perceiver;

/// <summary>Text to UTF-8 and back, as Python does it.</summary>
internal static class Utf8Text
{
    /// <summary>The bytes of a text.</summary>
    /// <exception cref="ArgumentException">A half of a surrogate pair stands alone; the message gives its place.</exception>
    internal static byte[] GetBytes(ReadOnlySpan<char> text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        var status = Utf8.FromUtf16(text, bytes, out int read, out int written, replaceInvalidSequences: false);
        if (status != System.Buffers.OperationStatus.Done || written != bytes.Length)
            throw new ArgumentException($"The text is not valid Unicode: at {read} a surrogate (U+{(int)text[read]:X4}) stands alone.", nameof(text));
        return bytes;
    }

    /// <summary>The text of bytes; what is no UTF-8 becomes U+FFFD.</summary>
    internal static string GetString(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
