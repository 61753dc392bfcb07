namespace Microsoft.ML.Perceiver;

/// <summary>Writes files that are never seen half written.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a text in UTF-8 as <see cref="Write"/> does.</summary>
    internal static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Writes a temporary file beside the path and renames it. An earlier file stays until then, and stays on an error.</summary>
    internal static void Write(string path, Action<Stream> write)
    {
        string full = Path.GetFullPath(path);
        string temporary = WriteTemporary(full, write);
        try
        {
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes a temporary file beside a path, to be renamed; on an error nothing of it stays.</summary>
    /// <param name="path">The path that the file is for; its folder is made where it is missing.</param>
    /// <param name="write">Writes the content.</param>
    /// <returns>The temporary file.</returns>
    internal static string WriteTemporary(string path, Action<Stream> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
            write(stream);
            stream.Flush(flushToDisk: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        return temporary;
    }
}
