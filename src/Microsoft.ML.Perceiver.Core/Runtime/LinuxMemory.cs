using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Settings of memory on Linux. A forward pass allocates and frees large blocks all the time, and the system's work for each page takes
/// time.
/// </summary>
[SupportedOSPlatform("linux")]
internal static partial class LinuxMemory
{
    private const int TrimThreshold = -1, MapThreshold = -3, ArenaMax = -8;

    /// <summary>
    /// Lets the C library keep the memory that tensors free for later ones, instead of returning it to the system page by page. C libraries
    /// other than glibc have no such settings.
    /// </summary>
    internal static void KeepFreed()
    {
        try
        {
            _ = SetAllocator(MapThreshold, int.MaxValue);
            _ = SetAllocator(TrimThreshold, -1);
            // Blocks outside the main arena cannot be joined to large ones, so that there must be no other arena.
            _ = SetAllocator(ArenaMax, 1);
        }
        catch (EntryPointNotFoundException)
        {
            // Memory is returned to the system then, as by default.
        }
    }

    /// <summary>Returns the pages of free blocks to the system, also of those between used ones; only with glibc.</summary>
    internal static void Trim()
    {
        try
        {
            _ = TrimHeap(0);
        }
        catch (EntryPointNotFoundException)
        {
            // The pages are kept then.
        }
    }

    /// <summary>
    /// Releases the pages of a loaded library's code that its initialisation has run, 40 MB of libtorch: little of it runs again, and is
    /// then read from the system's page cache.
    /// </summary>
    /// <param name="paths">The libraries, with all links resolved.</param>
    internal static void ReleaseCodePages(IReadOnlyCollection<string> paths)
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            // Start-end, rights, offset, device, inode, path. Code that cannot be written is the same as in the file.
            string[] fields = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 6 || fields[1] != "r-xp" || !paths.Contains(fields[5]))
                continue;
            string[] range = fields[0].Split('-');
            var (start, end) = (Address(range[0]), Address(range[1]));
            ReleasePages(start, end - start);
        }

        static nint Address(string text) => nint.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    /// <summary>Releases the whole pages within a part of a mapped file; changes of theirs are lost.</summary>
    internal static void ReleasePages(nint start, nint bytes)
    {
        const int dontNeed = 4;
        nint page = Environment.SystemPageSize, first = (start + page - 1) / page * page, end = (start + bytes) / page * page;
        // Where the system refuses, the pages only count as used for longer.
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
