using Cluster.Hosting;
using WebApi;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;

namespace Cluster.Proxy;

/// <summary>YARP before several servers of samples/WebApi: they know nothing of each other, and the proxy keeps nothing.</summary>
internal sealed class ProxyHost : IAsyncDisposable
{
    private const string ClusterName = "servers";
    private readonly WebApplication _app;

    private ProxyHost(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public Uri Address => Pipeline.AddressOf(_app);

    /// <summary>Starts to listen.</summary>
    /// <param name="options">Its options.</param>
    /// <exception cref="IOException">The address cannot be listened at.</exception>
    public static async Task<ProxyHost> StartAsync(ProxyOptions options)
    {
        var builder = Pipeline.CreateBuilder(options.Url, TextBody.LargestBody, options.Server);
        builder.Services.AddReverseProxy().LoadFromMemory(Routes, [ClusterOf(options)]);
        builder.Services.AddHealthChecks().AddCheck<ServersHealthCheck>("servers");
        Telemetry.Add(builder.Services, "perceiver-proxy", "Microsoft.AspNetCore.Hosting", "Yarp.ReverseProxy");
        var app = Pipeline.Build(builder);
        app.MapHealthChecks("/health").DisableRateLimiting();
        app.MapPrometheusScrapingEndpoint().DisableRateLimiting();
        app.MapReverseProxy(proxy =>
        {
            proxy.Use(NextServer.TryAsync);
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
        await Pipeline.StartAsync(app);
        return new ProxyHost(app);
    }

    /// <summary>Serves until it is told to stop.</summary>
    public Task WaitAsync() => _app.WaitForShutdownAsync();

    // What is for one server, such as its metrics, is not for those before the proxy.
    private static RouteConfig[] Routes { get; } =
    [
        new RouteConfig { RouteId = "page", ClusterId = ClusterName, Match = new RouteMatch { Path = "/", Methods = ["GET"] } },
        new RouteConfig { RouteId = "predict", ClusterId = ClusterName, Match = new RouteMatch { Path = "/predict", Methods = ["POST"] } },
    ];

    private static ClusterConfig ClusterOf(ProxyOptions options) => new()
    {
        ClusterId = ClusterName,
        LoadBalancingPolicy = LoadBalancingPolicies.RoundRobin,
        HttpRequest = new ForwarderRequestConfig { ActivityTimeout = options.Timeout },
        HealthCheck = new HealthCheckConfig
        {
            Active = new ActiveHealthCheckConfig
            {
                Enabled = true,
                Path = "/health",
                Interval = options.HealthInterval,
                Timeout = TimeSpan.FromSeconds(2),
                Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
            },
            Passive = new PassiveHealthCheckConfig
            {
                Enabled = true,
                Policy = HealthCheckConstants.PassivePolicy.TransportFailureRate,
                ReactivationPeriod = TimeSpan.FromSeconds(5),
            },
        },
        Destinations = options.Servers
            .Select((server, i) => (Name: $"{i + 1}", Server: server))
            .ToDictionary(s => s.Name, s => new DestinationConfig { Address = s.Server.AbsoluteUri }),
    };

    /// <summary>Stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
