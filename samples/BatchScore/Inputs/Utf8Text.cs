using System.Text;

namespace BatchScore.Inputs;

/// <summary>Bytes as text.</summary>
internal static class Utf8Text
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="BadRowException">They are not UTF-8.</exception>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return s_strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new BadRowException($"it is not UTF-8 at its byte {e.Index}.");
        }
    }
}
