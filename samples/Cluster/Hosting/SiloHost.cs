using Cluster.Grains;
using Cluster.Serving;
using Orleans.Configuration;
using WebApi;

namespace Cluster.Hosting;

/// <summary>A silo: it loads its models, joins the cluster, and takes calls until it is stopped.</summary>
internal sealed class SiloHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private bool _isDisposed;

    private SiloHost(WebApplication app) => _app = app;

    /// <summary>Where it listens for /health and /metrics.</summary>
    public Uri Address => Pipeline.AddressOf(_app);

    /// <summary>Its services.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a silo.</summary>
    /// <param name="options">Its options.</param>
    /// <exception cref="ModelSwapException">A model cannot be served.</exception>
    /// <exception cref="IOException">A port cannot be listened at, or there is no model.</exception>
    public static async Task<SiloHost> StartAsync(SiloOptions options)
    {
        var builder = Pipeline.CreateBuilder(options.Url, TextBody.LargestBody, new ServerOptions { Hosts = options.Hosts });
        // It warns of the garbage collector, which is chosen for libtorch's memory.
        builder.Logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);
        // Its first check counts the time since the machine's start.
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        AddModels(builder.Services, options);
        // Before the silo's own service, so that it joins with its models loaded.
        builder.Services.AddHostedService<ModelsService>();
        builder.UseOrleans(silo =>
        {
            options.Clustering.Set(silo, options.Address);
            silo.AddPlacementDirector<NamedSiloPlacement, NamedSiloPlacement.Director>();
            silo.Configure<GrainTypeOptions>(grains => RemoveTasks(grains, options.Tasks));
        });
        builder.Services.AddHealthChecks().AddCheck<SiloHealthCheck>("silo");
        Telemetry.Add(builder.Services, "perceiver-silo", "Microsoft.ML.Perceiver", "Microsoft.Orleans");
        var app = Pipeline.Build(builder);
        app.MapHealthChecks("/health").DisableRateLimiting();
        app.MapPrometheusScrapingEndpoint().DisableRateLimiting();
        await Pipeline.StartAsync(app);
        return new SiloHost(app);
    }

    /// <summary>Serves until it is told to stop, or the cluster has declared it dead.</summary>
    public Task WaitAsync() => _app.WaitForShutdownAsync();

    private static void AddModels(IServiceCollection services, SiloOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(options.Engines);
        services.AddSingleton(new SiloName(options.Address.Name));
        services.AddSingleton(new ModelStore(options.Models));
        services.AddSingleton(new SiloPlaces(options.Engines.Places));
        services.AddSingleton<SiloModels>();
        foreach (string task in options.Tasks)
        {
            _ = task switch
            {
                TextTask.TaskName => Add<TextTask>(services),
                ImageTask.TaskName => Add<ImageTask>(services),
                _ => throw new ArgumentException($"There is no task '{task}'; there are {TextTask.TaskName} and {ImageTask.TaskName}."),
            };
        }
    }

    private static IServiceCollection Add<TTask>(IServiceCollection services)
        where TTask : ServedTask =>
        services.AddSingleton<TTask>().AddSingleton<ServedTask>(provider => provider.GetRequiredService<TTask>());

    // The cluster knows which silo has which grains, and sends a call to one that has its.
    private static void RemoveTasks(GrainTypeOptions grains, IReadOnlyList<string> tasks)
    {
        if (!tasks.Contains(TextTask.TaskName))
            grains.Classes.Remove(typeof(TextClassifierGrain));
        if (!tasks.Contains(ImageTask.TaskName))
            grains.Classes.Remove(typeof(ImageClassifierGrain));
    }

    /// <summary>Leaves the cluster, ends the requests that are being predicted, and frees the models.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
