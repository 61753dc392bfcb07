using Cluster.Hosting;
using WebApi;

namespace Cluster.Gateway;

/// <summary>The web server before a cluster.</summary>
internal sealed record GatewayOptions
{
    /// <summary>How it finds silos.</summary>
    public required Clustering Clustering { get; init; }

    /// <summary>Where it listens.</summary>
    public string Url { get; init; } = WebApi.Server.DefaultUrl;

    /// <summary>What it takes from whom.</summary>
    public ServerOptions Server { get; init; } = new();

    /// <summary>How long a request may take, with all attempts.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a silo may take, before another one is asked.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often silos are asked.</summary>
    public int MostAttempts { get; init; } = 8;
}
