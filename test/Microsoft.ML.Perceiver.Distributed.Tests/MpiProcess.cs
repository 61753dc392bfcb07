using System.Diagnostics;

namespace Microsoft.ML.Perceiver.Tests.Distributed;

/// <summary>Runs Microsoft.ML.Perceiver.Distributed.TestHost, in one process or in several that mpiexec starts.</summary>
internal static class MpiProcess
{
    private const string Host = "Microsoft.ML.Perceiver.Distributed.TestHost.dll";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    // Debian has programs of several MPIs, each with its name.
    private static readonly string[] s_launchers = OperatingSystem.IsWindows() ? ["mpiexec.exe"] : ["mpiexec.mpich", "mpiexec.hydra"];

    /// <summary>Runs a command to its end, which must be without an error.</summary>
    /// <param name="ranks">How many processes; 1 starts one without mpiexec.</param>
    /// <param name="command">The command of the host, and its settings.</param>
    /// <returns>The lines of all processes.</returns>
    internal static string[] Run(int ranks, string command)
    {
        var (code, output, error) = Finish(Start(ranks, command));
        Assert.AreEqual(0, code, output + error);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Runs a command that must fail.</summary>
    /// <returns>What it wrote to standard error.</returns>
    internal static string Fail(int ranks, string command)
    {
        var (code, output, error) = Finish(Start(ranks, command));
        Assert.AreNotEqual(0, code, output);
        return error;
    }

    internal static Process Start(int ranks, string command, IReadOnlyDictionary<string, string>? environment = null)
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(ranks == 1 ? dotnet : Launcher) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (ranks > 1)
        {
            start.ArgumentList.Add("-n");
            start.ArgumentList.Add($"{ranks}");
            start.ArgumentList.Add(dotnet);
        }

        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, Host));
        foreach (string argument in command.Split(' '))
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    internal static (int Code, string Output, string Error) Finish(Process process)
    {
        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(s_patience))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"The processes did not end within {s_patience}: {output.Result}{error.Result}");
            }

            process.WaitForExit();
            return (process.ExitCode, output.Result, error.Result);
        }
    }

    private static string Launcher
    {
        get
        {
            string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
            string? found = s_launchers.SelectMany(_ => folders, (name, folder) => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
            if (found is null)
            {
                string names = string.Join(" or ", s_launchers);
                Assert.Inconclusive($"There is no {names}; the Debian package mpich has it, and on Windows MS-MPI.");
            }

            return found;
        }
    }
}
