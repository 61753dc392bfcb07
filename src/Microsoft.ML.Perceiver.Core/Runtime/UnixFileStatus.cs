using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Microsoft.ML.Perceiver;

/// <summary>The owner, mode and type of a file, of which .NET has only the mode.</summary>
[SupportedOSPlatform("linux")]
internal readonly partial record struct UnixFileStatus(uint Owner, UnixFileMode Mode, bool IsDirectory, bool IsRegularFile, bool IsSticky)
{
    private const int CurrentDirectory = -100, NoFollow = 0x100, StatusSize = 256;
    private const uint BasicStatus = 0x7ff;

    /// <summary>The effective user of this process.</summary>
    internal static uint CurrentUser => GetEffectiveUser();

    /// <summary>Reads the status of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="followLinks">Whether a link stands for the file it names, or for itself.</param>
    /// <returns>Null where there is no such file, or the system call fails.</returns>
    internal static unsafe UnixFileStatus? Read(string path, bool followLinks = false)
    {
        // statx, unlike stat, has one layout on every architecture and C library.
        byte* status = stackalloc byte[StatusSize];
        if (Statx(CurrentDirectory, path, followLinks ? 0 : NoFollow, BasicStatus, status) != 0)
            return null;
        var bytes = new ReadOnlySpan<byte>(status, StatusSize);
        ushort mode = BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]);
        int type = mode & 0xf000;
        return new UnixFileStatus(
            Owner: BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]),
            Mode: (UnixFileMode)(mode & 0x1ff),
            IsDirectory: type == 0x4000,
            IsRegularFile: type == 0x8000,
            IsSticky: (mode & 0x200) != 0);
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(int directory, string path, int flags, uint mask, byte* status);
}
