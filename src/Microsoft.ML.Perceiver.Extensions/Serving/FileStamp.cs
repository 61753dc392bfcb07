namespace Microsoft.ML.Perceiver;

/// <summary>What tells whether a file has changed.</summary>
/// <param name="Path">The file itself where a link leads to it: volumes of containers are updated by another target of a link.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Written">When it was written.</param>
internal sealed record FileStamp(string Path, long Length, DateTime Written)
{
    /// <summary>The stamp of a file; null where there is none, or where it cannot be read now.</summary>
    internal static FileStamp? Of(string path)
    {
        try
        {
            var file = File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path);
            return file.Exists ? new FileStamp(file.FullName, file.Length, file.LastWriteTimeUtc) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
