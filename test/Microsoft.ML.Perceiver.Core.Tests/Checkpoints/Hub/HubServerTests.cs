using System.Net;
using static Microsoft.ML.Perceiver.Tests.Checkpoints.Hub.LoopbackHub;

namespace Microsoft.ML.Perceiver.Tests.Checkpoints.Hub;

/// <summary>Hubs other than the public one, and what stands before them: other etags, other addresses, bodies of unknown length.</summary>
[TestClass]
public sealed class HubServerTests : IDisposable
{
    private const string Id = "owner/model", Config = "config.json", Weights = "model.safetensors", Endless = "/endless";

    private static readonly string Source = GoldenFolder.BundledPathOf("models", "mlm_default");

    private readonly TemporaryFolder _cache = new();
    private readonly LoopbackHub _hub = new(
        new[] { Config, Weights }.Select(f => (f, File.ReadAllBytes(Path.Combine(Source, f)))));

    public void Dispose()
    {
        _hub.Dispose();
        _cache.Dispose();
    }

    [TestMethod]
    [DataRow("0a1b2c", "0a1b2c")]
    [DataRow("\"a1:b2\"", "a1%3Ab2")]
    [DataRow("\"aGVsbG8=\"", "aGVsbG8=")]
    [DataRow("aGVs/bG8+", "aGVs%2FbG8+")]
    [DataRow("W/\"0x8D-1\"", "0x8D-1")]
    [DataRow("\"../../x\"", "%2E%2E%2F%2E%2E%2Fx")]
    public void An_etag_may_be_unquoted_and_have_any_characters(string etag, string blob)
    {
        _hub.Instead = (request, response) => SendConfig(request, response, etag);
        string folder = Path.GetDirectoryName(Fetch().Source)!;
        Assert.AreEqual($"../../blobs/{blob}", new FileInfo(Path.Combine(folder, Config)).LinkTarget);
        CollectionAssert.AreEqual(
            File.ReadAllBytes(Path.Combine(Source, Config)), File.ReadAllBytes(_cache[$"models--owner--model/blobs/{blob}"]));
    }

    [TestMethod]
    public void A_long_etag_is_a_name_of_its_own()
    {
        string? a = HubEtag.NameOf(new string('a', 300)), b = HubEtag.NameOf(new string('a', 301));
        Assert.IsLessThan(130, a!.Length);
        Assert.AreNotEqual(a, b);
        Assert.IsFalse(HubName.IsSha256(a), "it is no hash of the content");
        Assert.IsNull(HubEtag.NameOf("W/\"\""));
        Assert.IsNull(HubEtag.NameOf(null));
    }

    [TestMethod]
    [DataRow(301)]
    [DataRow(302)]
    [DataRow(307)]
    [DataRow(308)]
    public void A_hub_that_moved_to_another_host_is_followed_without_the_token(int status)
    {
        int tokens = 0;
        _hub.Instead = (request, response) =>
        {
            bool isMoved = request.UserHostName.StartsWith("127.", StringComparison.Ordinal);
            if (!isMoved)
                tokens += request.Headers["Authorization"] is null ? 0 : 1;
            if (!isMoved || request.RawUrl!.StartsWith("/cdn/", StringComparison.Ordinal))
                return false;
            response.StatusCode = status;
            response.Headers["Location"] = _hub.Endpoint.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + request.RawUrl;
            return true;
        };
        CollectionAssert.AreEqual(
            File.ReadAllBytes(Path.Combine(Source, Weights)), File.ReadAllBytes(Fetch(o => o with { Token = "secret" }).Source));
        Assert.AreEqual(0, tokens);
    }

    [TestMethod]
    [DataRow("preprocessor_config.json", 403)]
    [DataRow("tokenizer_config.json", 403)]
    [DataRow("preprocessor_config.json", 401)]
    public void An_optional_file_that_is_refused_is_done_without(string file, int status)
    {
        Refuse(file, status);
        Fetch().Load(c => new PerceiverForMaskedLM(c, initialize: false)).Model.Dispose();
    }

    [TestMethod]
    public void Weights_of_another_format_are_taken_where_the_first_is_refused()
    {
        Refuse(Weights, 403);
        StringAssert.Contains(Assert.ThrowsExactly<UnauthorizedAccessException>(() => Fetch()).Message, "403");
        _hub.Put("pytorch_model.bin", File.ReadAllBytes(Path.Combine(Source, "pytorch_model.bin")));
        // The absence was recorded for this commit.
        _hub.Head = new string('a', 40);
        StringAssert.EndsWith(Fetch().Source, "pytorch_model.bin");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Settings_without_end_are_refused(bool isStated)
    {
        _hub.Instead = (request, response) =>
        {
            if (!request.RawUrl!.EndsWith(Config, StringComparison.Ordinal))
                return false;
            response.Headers["X-Repo-Commit"] = Commit;
            response.Headers["ETag"] = "\"abc\"";
            if (isStated)
                response.ContentLength64 = 1L << 40;
            if (request.HttpMethod == "GET")
                SendWithoutEnd(response);
            return true;
        };
        StringAssert.Contains(Assert.ThrowsExactly<HttpRequestException>(() => Fetch()).Message, "the limit is 8388608");
        Assert.AreEqual(0, new DirectoryInfo(_cache.Path).GetFiles("*.incomplete", SearchOption.AllDirectories).Sum(f => f.Length));
    }

    [TestMethod]
    public async Task Weights_without_end_are_refused()
    {
        _hub.Instead = (_, response) => SendWithoutEnd(response);
        using var client = new HubClient(new HubSettings(Options()) { LongestOfUnknownLength = 1 << 20 });
        var download = new HubDownload(client, new HubFile(Commit, "abc", null, new Uri(_hub.Endpoint + Endless)), "pytorch_model.bin");
        var e = await Assert.ThrowsExactlyAsync<HttpRequestException>(() => download.RunAsync(_cache["blob"], CancellationToken.None));
        StringAssert.Contains(e.Message, "the limit is 1048576");
        Assert.IsFalse(File.Exists(_cache["blob"]));
    }

    [TestMethod]
    public async Task More_bytes_than_the_hub_states_are_said_to_be_more()
    {
        _hub.Instead = (_, response) =>
        {
            response.OutputStream.Write(new byte[100]);
            return true;
        };
        using var client = new HubClient(new HubSettings(Options()));
        var download = new HubDownload(client, new HubFile(Commit, "abc", 10, new Uri(_hub.Endpoint + Endless)), "pytorch_model.bin");
        var e = await Assert.ThrowsExactlyAsync<HttpRequestException>(() => download.RunAsync(_cache["blob"], CancellationToken.None));
        StringAssert.Contains(e.Message, "sends more than the 10 bytes that the hub states");
    }

    [TestMethod]
    public void A_web_page_is_no_file()
    {
        _hub.Instead = (request, response) =>
        {
            if (request.HttpMethod == "GET")
                response.ContentType = "text/html; charset=utf-8";
            return SendConfig(request, response, "\"abc\"");
        };
        StringAssert.Contains(Assert.ThrowsExactly<HttpRequestException>(() => Fetch()).Message, "web page");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Requests_go_through_the_programs_handler(bool isOldKind)
    {
        using HttpMessageHandler last = isOldKind ? new HttpClientHandler() : new SocketsHttpHandler();
        using var counter = new Counter(last);
        Fetch(o => o with { HttpHandler = counter });
        Assert.AreEqual(_hub.Requests.Count, counter.Requests);
        // It is not disposed, and may be used again.
        _hub.Head = new string('a', 40);
        StringAssert.Contains(Fetch(o => o with { HttpHandler = counter }).Source, _hub.Head);
    }

    [TestMethod]
    public void A_handler_may_answer_by_itself()
    {
        using var handler = new Memory();
        var checkpoint = Fetch(o => o with { HttpHandler = handler, Endpoint = "https://hub.example" });
        CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(Source, Weights)), File.ReadAllBytes(checkpoint.Source));
        Assert.IsEmpty(_hub.Requests);
    }

    [TestMethod]
    public async Task A_handler_that_hides_redirects_is_refused()
    {
        using var handler = new SocketsHttpHandler();
        using (var other = new HttpClient(handler, disposeHandler: false))
        {
            using var response = await other.GetAsync(new Uri(_hub.Endpoint));
        }

        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Fetch(o => o with { HttpHandler = handler })).Message, "AllowAutoRedirect");
    }

    private void Refuse(string file, int status) => _hub.Instead = (request, response) =>
    {
        if (!request.RawUrl!.EndsWith(file, StringComparison.Ordinal))
            return false;
        response.StatusCode = status;
        return true;
    };

    private static bool SendConfig(HttpListenerRequest request, HttpListenerResponse response, string etag)
    {
        if (!request.RawUrl!.EndsWith("/" + Config, StringComparison.Ordinal))
            return false;
        response.Headers["X-Repo-Commit"] = Commit;
        response.Headers["ETag"] = etag;
        if (request.HttpMethod == "GET")
            response.OutputStream.Write(File.ReadAllBytes(Path.Combine(Source, Config)));
        return true;
    }

    private static bool SendWithoutEnd(HttpListenerResponse response)
    {
        byte[] zeros = new byte[1 << 16];
        // Ends by the client's closing of the connection, or here where nobody closes it.
        for (int i = 0; i < 1 << 10; i++)
            response.OutputStream.Write(zeros);
        return true;
    }

    private PerceiverCheckpoint Fetch(Func<PerceiverHubOptions, PerceiverHubOptions>? change = null) =>
        PerceiverCheckpoint.FromHub(Id, options: change?.Invoke(Options()) ?? Options());

    private PerceiverHubOptions Options() => _hub.Options(_cache.Path, TimeSpan.FromSeconds(10));

    // Answers as a hub does, with files of a folder and without a connection.
    private sealed class Memory : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string path = Path.Combine(Source, Path.GetFileName(request.RequestUri!.LocalPath));
            var response = new HttpResponseMessage(File.Exists(path) ? HttpStatusCode.OK : HttpStatusCode.NotFound);
            response.Headers.Add("X-Repo-Commit", Commit);
            if (response.IsSuccessStatusCode)
            {
                response.Headers.TryAddWithoutValidation("ETag", Path.GetFileName(path));
                response.Content = new ByteArrayContent(File.ReadAllBytes(path));
            }

            return Task.FromResult(response);
        }
    }

    private sealed class Counter(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        internal int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
