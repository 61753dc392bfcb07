using System.Net;

namespace Cluster.Hosting;

/// <summary>Where a silo listens.</summary>
internal sealed record SiloAddressOptions
{
    /// <summary>The port for clients unless told otherwise.</summary>
    public const int DefaultGatewayPort = 30000;

    /// <summary>The address, which other silos and clients reach it at.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port for other silos.</summary>
    public int Port { get; init; } = 11111;

    /// <summary>The port for clients.</summary>
    public int GatewayPort { get; init; } = DefaultGatewayPort;

    /// <summary>How answers name the silo.</summary>
    public string Name => new IPEndPoint(Address, Port).ToString();
}
