namespace Microsoft.ML.Perceiver;

/// <summary>
/// Whether a path names an ordinary file. Opening a pipe waits until somebody writes to it, and a device may never end.
/// </summary>
internal static class RegularFile
{
    /// <summary>Whether there is a regular file at the path, with links followed. Other systems than Linux are asked for a file.</summary>
    internal static bool Exists(string path) => OperatingSystem.IsLinux()
        ? UnixFileStatus.Read(path, followLinks: true) is { IsRegularFile: true }
        : File.Exists(path);
}
