using WebApi;

namespace Cluster.Proxy;

/// <summary>A proxy before several servers of samples/WebApi.</summary>
internal sealed record ProxyOptions
{
    /// <summary>The servers.</summary>
    public required IReadOnlyList<Uri> Servers { get; init; }

    /// <summary>Where it listens.</summary>
    public string Url { get; init; } = WebApi.Server.DefaultUrl;

    /// <summary>What it takes from whom.</summary>
    public ServerOptions Server { get; init; } = new();

    /// <summary>How often each server is asked whether it is well.</summary>
    public TimeSpan HealthInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a server may take for a request.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);
}
