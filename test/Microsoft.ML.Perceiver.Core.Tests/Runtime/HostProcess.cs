using System.Diagnostics;

namespace Microsoft.ML.Perceiver.Tests.Runtime;

/// <summary>Runs a command of Microsoft.ML.Perceiver.TestHost in a fresh process.</summary>
internal static class HostProcess
{
    private const string Name = "Microsoft.ML.Perceiver.TestHost.dll";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Where the native libraries lie, and everything else the tests need.</summary>
    public static string Output => Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);

    /// <summary>Runs a command and returns its lines. Fails on an exit code other than 0 and on any word to standard error.</summary>
    public static string[] Run(string command, IReadOnlyDictionary<string, string>? environment = null, string? directory = null)
    {
        using var process = Start(command, environment, directory);
        return Finish(process);
    }

    public static Process Start(string command, IReadOnlyDictionary<string, string>? environment = null, string? directory = null)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? Output,
        };
        start.ArgumentList.Add(Path.Combine(directory ?? Output, Name));
        foreach (var argument in command.Split(' '))
            start.ArgumentList.Add(argument);
        // What the machine may have set must not decide a test.
        start.Environment.Remove("PERCEIVER_TORCH_LIB");
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
            start.Environment[key] = value;
        return Process.Start(start)!;
    }

    /// <summary>The lines of a process that was started; it is ended where it takes longer than <paramref name="patience"/>.</summary>
    public static string[] Finish(Process process, TimeSpan? patience = null)
    {
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(patience ?? Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The process did not end within {patience ?? Patience}.");
        }
        Assert.AreEqual("", error.Result);
        Assert.AreEqual(0, process.ExitCode, output.Result);
        return output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
