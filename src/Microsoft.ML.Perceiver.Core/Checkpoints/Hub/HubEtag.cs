using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.Perceiver;

/// <summary>The etag of a file: the name of its content, and of the blob in the cache.</summary>
internal static class HubEtag
{
    private const int LongestName = 128;

    /// <summary>
    /// The name of the blob for the text of the header, which may be weak, quoted or not. Python names blobs by the etag itself; characters
    /// that a file's name may not have everywhere are replaced by their number, and a long etag by its hash.
    /// </summary>
    /// <returns>The name; null where the text has no etag.</returns>
    internal static string? NameOf(string? header)
    {
        string etag = header?.Trim() ?? "";
        if (etag.StartsWith("W/", StringComparison.OrdinalIgnoreCase))
            etag = etag[2..];
        etag = etag.Trim('"');
        if (etag.Length == 0)
            return null;
        string name = string.Concat(Encoding.UTF8.GetBytes(etag).Select(NameOf));
        return name.Length <= LongestName ? name : "long-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(etag)));
    }

    private static string NameOf(byte code) =>
        char.IsAsciiLetterOrDigit((char)code) || "-_=+".Contains((char)code) ? ((char)code).ToString() : $"%{code:X2}";
}
