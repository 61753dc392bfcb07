using System.Globalization;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The memory that this process can have. A system lends more than it has and ends the process that uses it, and where native code finds
/// no room for a small object it ends the process too; so a large allocation is refused beforehand.
/// </summary>
internal static class ProcessMemory
{
    /// <summary>What is left to the runtime and to libtorch, which cannot go on without any memory.</summary>
    internal const long Reserve = 256L << 20;

    /// <summary>Checks that memory can be had, beside what the process uses.</summary>
    /// <param name="bytes">The bytes that are to be allocated.</param>
    /// <param name="what">For what, for the message.</param>
    /// <param name="mapped">Bytes of files that are mapped beside: they need addresses, but no memory.</param>
    /// <exception cref="InsufficientMemoryException">It cannot.</exception>
    internal static void Require(long bytes, string what, long mapped = 0)
    {
        long machine = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (machine > 0 && bytes > machine)
            throw TooLittle(bytes, what, $"the machine, or its container, has {machine} bytes");
        if (AddressSpaceLeft() is { } left && bytes + mapped > left - Reserve)
            throw TooLittle(bytes + mapped, what, $"the limit of the process (ulimit -v) leaves {left} bytes, and {Reserve} are kept free");
    }

    /// <summary>How much address space a limit (RLIMIT_AS) leaves; null where there is none.</summary>
    internal static long? AddressSpaceLeft()
    {
        if (!OperatingSystem.IsLinux() || AddressSpaceLimit() is not { } limit)
            return null;
        // The first number is the size of the address space in pages.
        string pages = File.ReadAllText("/proc/self/statm").Split(' ')[0];
        return limit - long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }

    private static long? AddressSpaceLimit()
    {
        // Name, soft limit, hard limit, unit, with several spaces between them.
        const string name = "Max address space";
        string? line = File.ReadLines("/proc/self/limits").FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
        string? soft = line?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, CultureInfo.InvariantCulture, out long limit) ? limit : null;
    }

    private static InsufficientMemoryException TooLittle(long bytes, string what, string limit) =>
        new($"There is not enough memory for {what}: {bytes} bytes are needed; {limit}.");
}
