using System.Net;
using System.Net.Sockets;

namespace Cluster.Demo;

/// <summary>Ports of this machine that are free.</summary>
internal static class Ports
{
    /// <summary>Finds some; another program may take one before it is used.</summary>
    /// <param name="count">How many.</param>
    public static int[] Free(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        try
        {
            foreach (var listener in listeners)
                listener.Start();
            return [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (var listener in listeners)
                listener.Dispose();
        }
    }
}
