using Cluster.Hosting;
using WebApi;

namespace Cluster.Gateway;

/// <summary>A web server before a cluster: samples/WebApi's, with the engines elsewhere.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GatewayHost(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public Uri Address => Pipeline.AddressOf(_app);

    /// <summary>Its services.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Connects to the cluster and starts to listen.</summary>
    /// <param name="options">Its options.</param>
    /// <exception cref="IOException">The address cannot be listened at.</exception>
    /// <exception cref="SiloUnavailableException">There is no silo.</exception>
    public static async Task<GatewayHost> StartAsync(GatewayOptions options)
    {
        var builder = Pipeline.CreateBuilder(options.Url, Endpoints.LargestImage, options.Server);
        builder.UseOrleansClient(options.Clustering.Set);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<GatewayMetrics>();
        builder.Services.AddSingleton<Dispatcher>();
        builder.Services.AddSingleton<Rollout>();
        builder.Services.AddHealthChecks().AddCheck<ClusterHealthCheck>("cluster");
        Telemetry.Add(builder.Services, "perceiver-gateway", GatewayMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.Orleans");
        var app = Pipeline.Build(builder);
        app.MapHealthChecks("/health").DisableRateLimiting();
        app.MapPrometheusScrapingEndpoint().DisableRateLimiting();
        Endpoints.Map(app);
        await Pipeline.StartAsync(app);
        return new GatewayHost(app);
    }

    /// <summary>Serves until it is told to stop.</summary>
    public Task WaitAsync() => _app.WaitForShutdownAsync();

    /// <summary>Stops listening and disconnects.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
