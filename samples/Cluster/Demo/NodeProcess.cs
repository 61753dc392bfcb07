using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Cluster.Demo;

/// <summary>A process of the demonstration, which ends with it: it reads its standard input, and stops where that ends.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<string> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NodeProcess(string program, IEnumerable<string> arguments)
    {
        // This program may have been started by its own executable, which the others may not have.
        string host = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet");
        var start = new ProcessStartInfo(Path.GetFullPath(host))
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, program + ".dll") },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, e) => Read(e.Data);
        _process.ErrorDataReceived += (_, e) => Read(e.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException(
            $"'{string.Join(' ', start.ArgumentList)}' ended: {string.Join('\n', _output)}"));
    }

    /// <summary>The address that the process said it listens at.</summary>
    public Uri Address => new(_listening.Task.Result);

    /// <summary>Starts a process, and waits until it says what it listens at.</summary>
    /// <param name="program">The program's name.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<NodeProcess> StartAsync(string program, params string[] arguments)
    {
        var node = new NodeProcess(program, arguments);
        node._process.Start();
        node._process.BeginOutputReadLine();
        node._process.BeginErrorReadLine();
        try
        {
            await node._listening.Task.WaitAsync(Patience);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the process at once, as a failure of its machine would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    private void Read(string? line)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        const string Said = "Listening at ";
        if (line.StartsWith(Said, StringComparison.Ordinal))
            _listening.TrySetResult(line[Said.Length..].Split(' ')[0].TrimEnd('.'));
    }

    /// <summary>Ends the process.</summary>
    public async ValueTask DisposeAsync()
    {
        _listening.TrySetCanceled();
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }
}
