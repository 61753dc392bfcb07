using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Perceiver;

/// <summary>Ordinary files. Opening a pipe waits until somebody writes to it, and a device may never end.</summary>
internal static class RegularFile
{
    /// <summary>Whether there is a regular file at the path, with links followed. Other systems than Linux are asked for a file.</summary>
    internal static bool Exists(string path) => OperatingSystem.IsLinux()
        ? UnixFileStatus.Read(path, followLinks: true) is { IsRegularFile: true }
        : File.Exists(path) && !(OperatingSystem.IsWindows() && Path.GetFullPath(path).StartsWith(@"\\.\", StringComparison.Ordinal));

    /// <summary>Opens a file to read it; others may replace it meanwhile.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">It is a pipe or a device.</exception>
    internal static SafeFileHandle Open(string path)
    {
        if (File.Exists(path) && !Exists(path))
            throw new FormatException($"'{path}' is a pipe or a device, no file.");
        return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
    }
}
