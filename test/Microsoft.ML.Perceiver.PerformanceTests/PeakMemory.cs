using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>The most memory that this process has had at once.</summary>
internal static class PeakMemory
{
    /// <summary>Forgets what earlier benchmarks needed. Without the right to do so the peak is that of the whole process, which is no less.</summary>
    internal static void Reset()
    {
        try
        {
            GC.Collect();
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.WriteLine($"The peak of memory counts from the start of the process: {e.Message}");
        }
    }

    internal static double Megabytes()
    {
        if (!OperatingSystem.IsLinux())
            return Process.GetCurrentProcess().PeakWorkingSet64 / (1024.0 * 1024);
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024.0;
    }
}
