using System.Diagnostics;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>This program in another process, whose memory is that of one thing alone.</summary>
internal static class OwnProcess
{
    /// <summary>Runs it.</summary>
    /// <returns>What it wrote.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    internal static string Run(params string[] arguments)
    {
        using var process = Start(isInputWritten: false, arguments);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"The process '{string.Join(' ', arguments)}' ended with {process.ExitCode}.");
        return output;
    }
    /// <summary>Starts it, with its output to be read.</summary>
    /// <param name="isInputWritten">Whether its input is to be written.</param>
    /// <param name="arguments">Its arguments.</param>
    internal static Process Start(bool isInputWritten, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = isInputWritten,
            RedirectStandardOutput = true,
        };
        // Where the program was started through dotnet, that is the process's path.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
