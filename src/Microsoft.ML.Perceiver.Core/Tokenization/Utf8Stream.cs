using System.Buffers;
using System.Text;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Decodes UTF-8 that comes in pieces to the text that the whole of it has: of bytes that are no UTF-8, each longest beginning of a
/// character becomes one U+FFFD, and the byte after it may begin the next character.
/// </summary>
internal sealed class Utf8Stream
{
    private readonly List<byte> _bytes = new(4);

    /// <summary>The bytes at the end that may still become a character, at most three.</summary>
    internal int Pending => _bytes.Count;

    /// <summary>Adds bytes and returns the characters that they complete.</summary>
    internal string Add(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return Take(isEnd: false);
    }

    /// <summary>The characters of the bytes that are left where no more come.</summary>
    internal string End() => Take(isEnd: true);

    private string Take(bool isEnd)
    {
        var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes);
        var text = new StringBuilder();
        int position = 0;
        while (position < bytes.Length)
        {
            var status = Rune.DecodeFromUtf8(bytes[position..], out var rune, out int length);
            if (status == OperationStatus.NeedMoreData && !isEnd)
                break;
            // The rune is U+FFFD where the bytes are none.
            text.Append(rune.ToString());
            position += length;
        }

        _bytes.RemoveRange(0, position);
        return text.ToString();
    }
}
