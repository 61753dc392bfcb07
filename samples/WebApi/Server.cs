using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Logging;
using Microsoft.ML.Perceiver;
using TextClassification;

namespace WebApi;

/// <summary>The application and its engines.</summary>
internal sealed class Server : IAsyncDisposable
{
    /// <summary>Where it listens unless told otherwise: on this machine alone.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5000";

    private readonly WebApplication _app;

    private Server(WebApplication app) => _app = app;

    /// <summary>The address that it listens at; of port 0, the port that was found.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Loads a saved model and starts to listen. A file that takes the model's place is served from then on.</summary>
    /// <param name="modelPath">The model.</param>
    /// <param name="url">Where to listen.</param>
    /// <param name="engines">How many requests are scored at once.</param>
    /// <param name="options">What it takes from whom; null for the defaults.</param>
    /// <exception cref="IOException">The address cannot be listened at, because another program does for example.</exception>
    public static async Task<Server> StartAsync(string modelPath, string url, int engines, ServerOptions? options = null)
    {
        var app = Build(modelPath, url, options ?? new ServerOptions(), engines);
        app.MapGet("/", () => "POST /predict with {\"text\": \"...\"}, as application/json.\n");
        app.MapHealthChecks("/health").DisableRateLimiting();
        PredictEndpoint.Map(app);
        var server = new Server(app);
        try
        {
            await app.StartAsync();
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            await server.DisposeAsync();
            throw new IOException($"{e.Message} --url names another place to listen.", e);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    /// <summary>Loads the model again and serves it from then on; no request fails meanwhile.</summary>
    public Task ReloadAsync() =>
        _app.Services.GetRequiredService<PerceiverPool<MyModel.ModelInput, MyModel.ModelOutput>>().ReloadAsync();

    /// <summary>Serves until Ctrl+C.</summary>
    public Task WaitAsync() => _app.WaitForShutdownAsync();

    private static WebApplication Build(string modelPath, string url, ServerOptions options, int engines)
    {
        var builder = WebApplication.CreateSlimBuilder();
        // A start that fails is an exception, which says it in a line; the host would log its stack as well.
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.WebHost.UseUrls(url);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = PredictEndpoint.LargestBody);
        builder.Services.AddProblemDetails();
        builder.Services.AddPerceiver<MyModel.ModelInput, MyModel.ModelOutput>(pool =>
        {
            pool.FromFile(modelPath, watchForChanges: true);
            pool.Engines = engines;
            pool.MaxQueueLength = options.MostWaiting;
            pool.TrialInput = new MyModel.ModelInput { Text = "A text to warm up with." };
        });
        builder.Services.AddHealthChecks().AddPerceiver<MyModel.ModelInput, MyModel.ModelOutput>();
        builder.Services.AddHostFiltering(filter => filter.AllowedHosts = [.. options.Hosts]);
        builder.Services.AddRateLimiter(limiter => Limits.Set(limiter, options));
        var app = builder.Build();
        // What nobody foresaw is 500 with no more than that; the log has the rest.
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseHostFiltering();
        app.UseRateLimiter();
        return app;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
