using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Microsoft.ML.Perceiver;

/// <summary>How tensors get their memory on Linux. A forward pass asks for large blocks and gives them back all the time, and pages cost.</summary>
[SupportedOSPlatform("linux")]
internal static partial class LinuxMemory
{
    private const int TrimThreshold = -1, MapThreshold = -3, ArenaMax = -8;

    /// <summary>
    /// Lets the C library keep what tensors give back, for the next ones, instead of returning it to the system page by page. Others than glibc
    /// have no such settings.
    /// </summary>
    internal static void KeepFreed()
    {
        try
        {
            _ = SetAllocator(MapThreshold, int.MaxValue);
            _ = SetAllocator(TrimThreshold, -1);
            // Blocks outside the main arena cannot be joined to large ones, so that there must be no other.
            _ = SetAllocator(ArenaMax, 1);
        }
        catch (EntryPointNotFoundException)
        {
            // Memory is given back then, as without the wish.
        }
    }

    /// <summary>Gives back the pages of blocks that are free, also between those that are not. Others than glibc are left alone.</summary>
    internal static void Trim()
    {
        try
        {
            _ = TrimHeap(0);
        }
        catch (EntryPointNotFoundException)
        {
            // The pages stay then.
        }
    }

    /// <summary>
    /// Gives back the pages of a loaded library's code that its initialisation has run through, 40 MB of libtorch's: little of it runs again, and
    /// that comes from the system's cache.
    /// </summary>
    /// <param name="paths">The libraries, as the system names them.</param>
    internal static void ReleaseCodePages(IReadOnlyCollection<string> paths)
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            // Start-end, rights, offset, device, inode, path. Code that cannot be written is as it is in the file.
            string[] fields = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 6 || fields[1] != "r-xp" || !paths.Contains(fields[5]))
                continue;
            nint[] range = [.. fields[0].Split('-').Select(address => nint.Parse(address, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            ReleasePages(range[0], range[1] - range[0]);
        }
    }

    /// <summary>Gives the whole pages within a part of a mapped file back; what was changed in them is lost.</summary>
    internal static void ReleasePages(nint start, nint bytes)
    {
        const int dontNeed = 4;
        nint page = Environment.SystemPageSize, first = (start + page - 1) / page * page, end = (start + bytes) / page * page;
        // Where the system does not want them, they only count a little longer.
        if (end > first)
            _ = Advise(first, end - first, dontNeed);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nint bytes, int advice);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeap(nuint kept);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetAllocator(int parameter, int value);
}
