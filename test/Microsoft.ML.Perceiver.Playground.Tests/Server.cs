using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Playground;

namespace Microsoft.ML.Perceiver.Playground.Tests;

/// <summary>A running playground on a free port, and a client for it.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Server(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress!;

    public static async Task<Server> StartAsync(PlaygroundOptions options)
    {
        var app = PlaygroundApp.Create(options with { Port = 0 });
        await app.StartAsync();
        return new Server(app);
    }

    public Task<HttpResponseMessage> PostAsync(string head, object json) => Client.PostAsJsonAsync($"api/{head}", json);

    public Task<HttpResponseMessage> PostAsync(string head, params (string Field, string Name, byte[] Content)[] files) =>
        Client.PostAsync($"api/{head}", Form(files));

    public static MultipartFormDataContent Form(params (string Field, string Name, byte[] Content)[] files)
    {
        var form = new MultipartFormDataContent();
        foreach (var (field, name, content) in files)
            form.Add(new ByteArrayContent(content), field, name);
        return form;
    }

    /// <summary>The content of a response, which must have succeeded.</summary>
    public static async Task<JsonElement> JsonOfAsync(Task<HttpResponseMessage> responding)
    {
        using var response = await responding;
        string body = await response.Content.ReadAsStringAsync();
        Assert.AreEqual(200, (int)response.StatusCode, body);
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    /// <summary>The lines of a response, which must have succeeded.</summary>
    public static async Task<JsonElement[]> LinesOfAsync(Task<HttpResponseMessage> responding)
    {
        using var response = await responding;
        string body = await response.Content.ReadAsStringAsync();
        Assert.AreEqual(200, (int)response.StatusCode, body);
        Assert.AreEqual("application/x-ndjson", response.Content.Headers.ContentType?.MediaType);
        return [.. body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
    }

    /// <summary>Asserts that a response is an error of a status, in words that hold a piece.</summary>
    public static async Task AssertErrorAsync(int status, string piece, Task<HttpResponseMessage> responding)
    {
        using var response = await responding;
        string body = await response.Content.ReadAsStringAsync();
        Assert.AreEqual(status, (int)response.StatusCode, body);
        Assert.Contains(piece, JsonSerializer.Deserialize<JsonElement>(body).GetProperty("error").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
