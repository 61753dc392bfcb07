using System.Diagnostics;

namespace Microsoft.ML.Perceiver.EndToEndTests.Packages;

/// <summary>Commands of the SDK, as a user gives them.</summary>
internal static class DotNetCommand
{
    private static string DotNet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Runs a command, which must succeed.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it writes to standard output.</returns>
    internal static string Run(string folder, params string[] arguments) => RunProgram(DotNet, folder, arguments);

    /// <inheritdoc cref="Run(string, string[])"/>
    /// <param name="program">The program.</param>
    /// <param name="folder">Where.</param>
    /// <param name="arguments">Its arguments.</param>
    internal static string RunProgram(string program, string folder, params string[] arguments)
    {
        using var process = Process.Start(Describe(program, folder, arguments))!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, $"{program} {string.Join(' ', arguments)}{Environment.NewLine}{output}{error.Result}");
        return output;
    }

    /// <summary>A command of the SDK that is not started yet.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="arguments">Its arguments.</param>
    internal static ProcessStartInfo Describe(string folder, string[] arguments) => Describe(DotNet, folder, arguments);

    private static ProcessStartInfo Describe(string program, string folder, string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        // What a test run tells its own builds is not for this one.
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        // A program for .NET 8 runs where there is a later runtime alone.
        start.Environment["DOTNET_ROLL_FORWARD"] = "LatestMajor";
        return start;
    }
}
