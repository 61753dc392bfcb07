using System.Text;
using System.Text.Unicode;

namespace Microsoft.ML.Perceiver;

/// <summary>Converts texts to UTF-8 and back as Python does.</summary>
internal static class Utf8Text
{
    /// <summary>The bytes of a text.</summary>
    /// <exception cref="ArgumentException">The text has a lone surrogate; the message gives its position.</exception>
    internal static byte[] GetBytes(ReadOnlySpan<char> text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        var status = Utf8.FromUtf16(text, bytes, out int read, out int written, replaceInvalidSequences: false);
        if (status != System.Buffers.OperationStatus.Done || written != bytes.Length)
            throw LoneSurrogate(read, text[read]);
        return bytes;
    }

    /// <summary>The text of bytes; bytes that are not UTF-8 become U+FFFD.</summary>
    internal static string GetString(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>Whether a byte goes on with a character that a byte before it began: 10xxxxxx.</summary>
    internal static bool IsContinuation(int value) => (value & 0xC0) == 0x80;

    /// <summary>The exception for half of a surrogate pair without the other half.</summary>
    internal static ArgumentException LoneSurrogate(int position, char surrogate) =>
        new($"The text is not valid Unicode: at {position} a surrogate (U+{(int)surrogate:X4}) stands alone.", "text");
}
