using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Microsoft.ML.Perceiver.Tests.Samples;

/// <summary>Runs a sample in a process of its own, as a user does.</summary>
internal static class SampleProcess
{
    /// <summary>The folder of a sample's source.</summary>
    /// <param name="sample">Its name.</param>
    internal static string Folder(string sample) => Path.Combine(Setting("SampleFolder"), sample);

    /// <summary>The figures that a sample writes with <c>--summary</c>.</summary>
    /// <param name="sample">Its folder's name.</param>
    /// <param name="arguments">Other arguments.</param>
    internal static Dictionary<string, double> Figures(string sample, params string[] arguments)
    {
        string program = Path.Combine(Folder(sample), "bin", Setting("SampleOutput"), sample + ".dll");
        Assert.IsTrue(File.Exists(program), $"There is no '{program}'.");
        using var folder = new TemporaryFolder();
        string summary = folder["summary.tsv"];
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(dotnet) { WorkingDirectory = folder.Path };
        foreach (string argument in (string[])[program, .. arguments, "--summary", summary])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode);
        return File.ReadLines(summary).Select(l => l.Split('\t'))
            .ToDictionary(f => f[0], f => double.Parse(f[1], CultureInfo.InvariantCulture));
    }

    private static string Setting(string name) =>
        typeof(SampleProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == name).Value!;
}
