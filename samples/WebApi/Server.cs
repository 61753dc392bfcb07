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
    public Uri Address => Pipeline.AddressOf(_app);

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
        await Pipeline.StartAsync(app);
        return new Server(app);
    }

    /// <summary>Loads the model again and serves it from then on; no request fails meanwhile.</summary>
    public Task ReloadAsync() =>
        _app.Services.GetRequiredService<PerceiverPool<MyModel.ModelInput, MyModel.ModelOutput>>().ReloadAsync();

    /// <summary>Serves until Ctrl+C.</summary>
    public Task WaitAsync() => _app.WaitForShutdownAsync();

    private static WebApplication Build(string modelPath, string url, ServerOptions options, int engines)
    {
        var builder = Pipeline.CreateBuilder(url, TextBody.LargestBody, options);
        builder.Services.AddPerceiver<MyModel.ModelInput, MyModel.ModelOutput>(pool =>
        {
            pool.FromFile(modelPath, watchForChanges: true);
            pool.Engines = engines;
            pool.MaxQueueLength = options.MostWaiting;
            pool.TrialInput = new MyModel.ModelInput { Text = "A text to warm up with." };
        });
        builder.Services.AddHealthChecks().AddPerceiver<MyModel.ModelInput, MyModel.ModelOutput>();
        return Pipeline.Build(builder);
    }

    /// <summary>Ends the requests that have come, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
