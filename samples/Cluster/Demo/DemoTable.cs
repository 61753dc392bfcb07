using Spectre.Console;

namespace Cluster.Demo;

/// <summary>What a demonstration shows.</summary>
internal static class DemoTable
{
    /// <summary>An empty table.</summary>
    public static Table New() =>
        new Table().AddColumns("", "requests", "failed", "wrong", "mixed", "a second", "p99", "longest", "by server");

    /// <summary>Adds a row.</summary>
    /// <param name="table">The table.</param>
    /// <param name="what">What was done.</param>
    /// <param name="found">What clients saw.</param>
    public static void Add(Table table, string what, LoadFindings found) => table.AddRow(
        what,
        $"{found.Requests}",
        $"{found.Failed}",
        $"{found.Wrong}",
        $"{found.Mixed}",
        $"{found.RequestsPerSecond:f0}",
        $"{found.Latencies.Percentile(0.99):f0} ms",
        $"{found.Latencies.Percentile(1):f0} ms",
        string.Join(", ", found.Silos.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Value}")));

    /// <summary>Writes the first fault, where there is one.</summary>
    /// <param name="all">What clients saw.</param>
    public static void WriteFault(IEnumerable<LoadFindings> all)
    {
        if (all.Select(f => f.FirstFault).FirstOrDefault(f => f is not null) is { } fault)
            AnsiConsole.WriteLine($"The first fault: {fault}");
    }
}
