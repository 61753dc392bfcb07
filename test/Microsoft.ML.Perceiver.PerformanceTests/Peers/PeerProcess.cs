using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// One peer in a process of its own, which stays loaded. A line on its input starts one run; what comes back on a line is the run's time in
/// seconds or its output.
/// </summary>
internal sealed class PeerProcess : IDisposable
{
    /// <summary>The argument that such a process is started with.</summary>
    internal const string Argument = "--peer";

    private const string Time = "time", Output = "output";
    private readonly Process _process;

    /// <summary>Starts the process.</summary>
    /// <param name="form">Who computes.</param>
    /// <param name="head">What is computed.</param>
    /// <param name="folder">The checkpoint, or the ONNX files.</param>
    internal PeerProcess(PeerForm form, HeadCase head, string folder)
    {
        Form = form;
        _process = OwnProcess.Start(isInputWritten: true, Argument, form.ToString(), head.Name, folder);
    }

    internal PeerForm Form { get; }

    /// <summary>The times of the measured runs.</summary>
    internal List<double> Seconds { get; } = [];

    /// <summary>Runs once.</summary>
    /// <returns>The time in seconds.</returns>
    internal double Run() => double.Parse(Ask(Time), CultureInfo.InvariantCulture);

    /// <summary>Runs once.</summary>
    /// <returns>The numbers of all outputs.</returns>
    internal float[] RunForOutput() => MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(Ask(Output))).ToArray();

    /// <summary>What the process does until its input ends.</summary>
    internal static int Serve(PeerForm form, HeadCase head, string folder)
    {
        using IPeer peer = PeerForms.IsOnnx(form)
            ? new OnnxPeer(head, folder)
            : new OwnPeer(head, folder, Enum.Parse<PerceiverPrecision>(form.ToString()));
        while (Console.ReadLine() is { } question)
        {
            string answer = question == Time
                ? Measured.Seconds(() => peer.Run()).ToString("r", CultureInfo.InvariantCulture)
                : Convert.ToBase64String(MemoryMarshal.AsBytes(peer.Run().AsSpan()));
            Console.WriteLine(answer);
        }

        return 0;
    }

    /// <summary>Ends the process, at once.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private string Ask(string question)
    {
        _process.StandardInput.WriteLine(question);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"The process of {Form} ended early; what went wrong is on standard error.");
    }
}
