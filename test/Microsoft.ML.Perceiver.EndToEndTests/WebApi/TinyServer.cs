using WebApi;

namespace Microsoft.ML.Perceiver.EndToEndTests.WebApi;

/// <summary>The Web API with a model that trains in a second, at a port that is free.</summary>
internal sealed class TinyServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly Server _server;

    private TinyServer(TemporaryFolder folder, Server server, string model)
    {
        (_folder, _server, Model) = (folder, server, model);
        Http = new HttpClient { BaseAddress = server.Address };
    }

    public string Model { get; }

    public HttpClient Http { get; }

    public Uri Address => _server.Address;

    public static async Task<TinyServer> StartAsync(int engines = 2, ServerOptions? options = null)
    {
        var folder = new TemporaryFolder();
        string path = folder["tiny.mlnet"];
        TinyModel.Train(path);
        return new TinyServer(folder, await Server.StartAsync(path, "http://127.0.0.1:0", engines, options), path);
    }

    /// <summary>Loads the model again.</summary>
    public Task ReloadAsync() => _server.ReloadAsync();

    /// <summary>A text with letters of several alphabets.</summary>
    public static string[] Texts { get; } =
        ["call now", "see you at 7 then", "WINNER!! 1000 pounds", "grüße, до завтра 🙂", "x", new string('y', 900)];

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }
}
