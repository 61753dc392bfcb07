using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Opens files that other files name. A pipe or a device among them would keep the reader waiting, or never end.
/// </summary>
internal static class RegularFile
{
    /// <summary>Opens a file to read it.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">It is a pipe or a device.</exception>
    internal static SafeFileHandle Open(string path)
    {
        Check(path);
        return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
    }

    /// <summary>Checks what a path names; links are followed.</summary>
    /// <exception cref="FormatException">It is a pipe or a device.</exception>
    internal static void Check(string path)
    {
        // Windows has its devices in a name space of their own.
        bool isRegular = OperatingSystem.IsLinux()
            ? UnixFileStatus.Read(path, followLink: true) is not { IsRegularFile: false }
            : !OperatingSystem.IsWindows() || !Path.GetFullPath(path).StartsWith(@"\\.\", StringComparison.Ordinal);
        if (!isRegular)
            throw new FormatException($"'{path}' is a pipe, a device or a folder, no file.");
    }
}
