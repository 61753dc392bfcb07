using System.Diagnostics;

namespace BatchScore.Running;

/// <summary>Ends a worker whose parent has ended: the system closes the pipe that is the worker's standard input.</summary>
internal static class ParentWatch
{
    /// <summary>The exit code of a worker that stopped because its parent had ended.</summary>
    public const int Orphaned = 3;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Watches the standard input.</summary>
    /// <param name="orphaned">Cancelled when it is closed.</param>
    public static void Start(CancellationTokenSource orphaned)
    {
        var thread = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            // Nothing is ever written to it.
            while (input.ReadByte() >= 0)
            {
            }

            orphaned.Cancel();
            Thread.Sleep(s_patience);
            // A chunk takes longer than that: its shard is another's then, who finds the file that is left.
            Process.GetCurrentProcess().Kill();
        })
        {
            IsBackground = true,
            Name = "parent watch",
        };
        thread.Start();
    }
}
