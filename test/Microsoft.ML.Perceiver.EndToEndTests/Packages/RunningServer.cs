using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Perceiver.EndToEndTests.Packages;

/// <summary>A web server in a process of its own, which ends with this.</summary>
internal sealed partial class RunningServer : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningServer(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Read(e.Data);
        process.ErrorDataReceived += (_, e) => Read(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The address that it listens at.</summary>
    internal Uri Address { get; private set; } = null!;

    /// <summary>What it has written.</summary>
    internal string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Starts a server with a command of the SDK, and waits until it listens.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="arguments">The command.</param>
    internal static RunningServer Start(string folder, params string[] arguments)
    {
        var server = new RunningServer(Process.Start(DotNetCommand.Describe(folder, arguments))!);
        if (!server._address.Task.Wait(TimeSpan.FromMinutes(2)))
        {
            server.Dispose();
            Assert.Fail($"The server does not listen: {server.Output}");
        }

        server.Address = server._address.Task.Result;
        return server;
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
            return;
        lock (_output)
            _output.AppendLine(line);
        if (Listening().Match(line) is { Success: true } found)
            _address.TrySetResult(new Uri(found.Groups[1].Value + "/"));
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();
}
