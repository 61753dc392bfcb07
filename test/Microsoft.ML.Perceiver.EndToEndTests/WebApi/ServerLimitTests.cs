using System.Net;
using System.Net.Http.Json;
using System.Text;
using WebApi;

namespace Microsoft.ML.Perceiver.EndToEndTests.WebApi;

/// <summary>samples/WebApi: whom it answers, how many at once, and what becomes of a swap of the model.</summary>
[TestClass]
public sealed class ServerLimitTests
{
    [TestMethod]
    public async Task A_name_that_is_not_its_own_is_400()
    {
        await using var server = await TinyServer.StartAsync();
        foreach (var (host, status) in new[] { ("rebound.example", 400), ("127.0.0.1", 200), ("localhost", 200) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/predict");
            request.Content = JsonContent.Create(new { text = "hello" });
            request.Headers.Host = $"{host}:{server.Address.Port}";
            using var response = await server.Http.SendAsync(request);
            Assert.AreEqual(status, (int)response.StatusCode, host);
        }
    }

    [TestMethod]
    [DataRow("text/plain")]
    [DataRow("application/x-www-form-urlencoded")]
    [DataRow(null)]
    public async Task A_body_that_is_no_JSON_by_its_type_is_415(string? type)
    {
        await using var server = await TinyServer.StartAsync();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("{\"text\": \"hello\"}"));
        if (type is not null)
            content.Headers.ContentType = new(type);
        using var response = await server.Http.PostAsync("/predict", content);
        Assert.AreEqual(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [TestMethod]
    public async Task It_says_that_it_is_well()
    {
        await using var server = await TinyServer.StartAsync();
        Assert.AreEqual("Healthy", await server.Http.GetStringAsync("/health"));
    }

    [TestMethod]
    public async Task One_client_that_sends_too_much_is_429()
    {
        await using var server = await TinyServer.StartAsync(options: new ServerOptions { RequestsPerSecond = 5 });
        var found = new List<HttpResponseMessage>();
        for (int i = 0; i < 12; i++)
            found.Add(await server.Http.PostAsJsonAsync("/predict", new { text = "hello" }));
        var refused = found.Where(r => r.StatusCode == HttpStatusCode.TooManyRequests).ToArray();
        Assert.IsNotEmpty(refused);
        Assert.IsTrue(refused.All(r => r.Headers.RetryAfter?.Delta > TimeSpan.Zero));
        Assert.IsTrue(found.Except(refused).All(r => r.StatusCode == HttpStatusCode.OK));
        Assert.AreEqual("Healthy", await server.Http.GetStringAsync("/health"));
        found.ForEach(r => r.Dispose());
    }

    [TestMethod]
    public async Task A_full_queue_is_503()
    {
        await using var server = await TinyServer.StartAsync(engines: 1, options: new ServerOptions { MostWaiting = 0 });
        // Sixteen at once come to one engine, none of which may wait.
        HttpResponseMessage? refused = null;
        for (int round = 0; round < 100 && refused is null; round++)
        {
            var responses = await Task.WhenAll(Enumerable.Range(0, 16)
                .Select(_ => server.Http.PostAsJsonAsync("/predict", new { text = new string('y', 900) })));
            Assert.Contains(HttpStatusCode.OK, responses.Select(r => r.StatusCode));
            refused = responses.FirstOrDefault(r => r.StatusCode != HttpStatusCode.OK);
        }

        Assert.AreEqual(HttpStatusCode.ServiceUnavailable, refused?.StatusCode);
        Assert.AreEqual(TimeSpan.FromSeconds(1), refused!.Headers.RetryAfter?.Delta);
        StringAssert.Contains(await refused.Content.ReadAsStringAsync(), "Too many requests wait.", StringComparison.Ordinal);
        using var next = await server.Http.PostAsJsonAsync("/predict", new { text = "hello" });
        Assert.AreEqual(HttpStatusCode.OK, next.StatusCode);
    }

    [TestMethod]
    public async Task A_swap_under_load_fails_no_request()
    {
        await using var server = await TinyServer.StartAsync();
        var test = new LoadTest(server.Address, TinyServer.Texts, ModelFile.Transform(server.Model, TinyServer.Texts));
        int swaps = 0;
        var found = await test.RunAsync(clients: 16, warmUp: TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(3), async () =>
        {
            for (; swaps < 5; swaps++)
                await server.ReloadAsync();
        });
        Assert.AreEqual(5, swaps);
        Assert.AreEqual(0, found.Errors, found.FirstError);
        Assert.AreEqual(0, found.SwapFailures);
    }

    [TestMethod]
    public async Task A_swap_that_fails_is_counted_and_the_old_model_goes_on()
    {
        await using var server = await TinyServer.StartAsync();
        var test = new LoadTest(server.Address, TinyServer.Texts, ModelFile.Transform(server.Model, TinyServer.Texts));
        var found = await test.RunAsync(
            clients: 2, warmUp: TimeSpan.Zero, TimeSpan.FromSeconds(1), () =>
            {
                File.Delete(server.Model);
                return server.ReloadAsync();
            });
        Assert.AreEqual((1L, 1L), (found.Errors, found.SwapFailures), found.FirstError);
        StringAssert.StartsWith(found.FirstError, "The swap:", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task A_request_that_is_given_up_is_no_failure_in_the_log()
    {
        var log = new StringWriter();
        var console = Console.Out;
        Console.SetOut(log);
        try
        {
            await using var server = await TinyServer.StartAsync(engines: 1);
            for (int i = 0; i < 20; i++)
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(i));
                using var http = new HttpClient { BaseAddress = server.Address };
                try
                {
                    (await http.PostAsJsonAsync("/predict", new { text = new string('y', 900) }, patience.Token)).Dispose();
                }
                catch (OperationCanceledException)
                {
                }
            }

            await server.Http.GetStringAsync("/health");
        }
        finally
        {
            Console.SetOut(console);
        }

        Assert.DoesNotContain("Exception", log.ToString());
    }
}
