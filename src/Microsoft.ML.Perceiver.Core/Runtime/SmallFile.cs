namespace Microsoft.ML.Perceiver;

/// <summary>
/// Reads text files of settings, of which a stranger may have written the name or the content: devices and pipes, which never end, and
/// files of more than <see cref="Longest"/> bytes are refused before they are read.
/// </summary>
internal static class SmallFile
{
    /// <summary>The longest file that is read, in bytes. A configuration with 20,000 labels has one megabyte.</summary>
    internal const long Longest = 8 << 20;

    /// <summary>Reads a text in UTF-8.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">It is no regular file, too long, a pointer of git-lfs or a web page.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    internal static string ReadText(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{path}'.", path);
        if (!RegularFile.Exists(path))
            throw new FormatException($"'{path}' is no regular file.");
        using var stream = File.OpenRead(path);
        if (stream.Length > Longest)
            throw new FormatException($"'{path}' has {stream.Length} bytes; the limit is {Longest}.");
        using var reader = new StreamReader(stream);
        string text = reader.ReadToEnd();
        MisplacedFile.RefuseText(text, path);
        return text;
    }
}
