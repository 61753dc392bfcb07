using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>The memory of this process, as Linux counts it.</summary>
internal static class PeakMemory
{
    /// <summary>Forgets the peak of what went before.</summary>
    /// <returns>Whether it could: without the right to do so the peak is that of the whole process, which is no less.</returns>
    internal static bool Reset()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.WriteLine($"The peak of memory counts from the start of the process: {e.Message}");
            return false;
        }
    }

    /// <summary>The most that the process has had at once since.</summary>
    internal static double Megabytes()
    {
        long bytes = OperatingSystem.IsLinux() ? Bytes("VmHWM") : Process.GetCurrentProcess().PeakWorkingSet64;
        return bytes / (1024.0 * 1024);
    }

    /// <summary>A figure of /proc/self/status.</summary>
    /// <param name="name">Its name, e.g. VmRSS, without the colon.</param>
    internal static long Bytes(string name)
    {
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(name + ':', StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
    }
}
