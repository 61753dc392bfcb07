using System.Diagnostics;
using System.Reflection;

namespace Microsoft.ML.Perceiver.Tests;

/// <summary>Runs the test host in a process of its own.</summary>
internal static class HostProcess
{
    internal static string Folder { get; } =
        AppContext.BaseDirectory.Replace(Assembly.GetExecutingAssembly().GetName().Name!, "Microsoft.ML.Perceiver.TestHost", StringComparison.Ordinal);

    internal sealed record Result(int ExitCode, string[] Output, string Error);

    internal static Result Run(string[] arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder ?? Folder, "Microsoft.ML.Perceiver.TestHost.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        Assert.IsTrue(process.WaitForExit(TimeSpan.FromMinutes(2)), "the test host did not end");
        return new Result(process.ExitCode, output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries), error.Result);
    }
}
