using System.Diagnostics;
using static Microsoft.ML.Perceiver.Tests.Checkpoints.Hub.LoopbackHub;

namespace Microsoft.ML.Perceiver.Tests.Checkpoints.Hub;

/// <summary>
/// The cache has a model and the hub is asked for a newer version: whatever goes wrong, the version in the cache stays usable and is used.
/// </summary>
[TestClass]
public sealed class HubUpdateTests : IDisposable
{
    private const string Id = "owner/model", Config = "config.json", Weights = "model.safetensors";
    private const string Newer = "89abcdef89abcdef89abcdef89abcdef89abcdef";

    private static readonly string Source = GoldenFolder.BundledPathOf("models", "mlm_default");

    private readonly TemporaryFolder _cache = new();
    private readonly CollectingLogger _log = new();
    private readonly LoopbackHub _hub = new(
        new[] { Config, Weights }.Select(f => (f, File.ReadAllBytes(Path.Combine(Source, f)))));

    public void Dispose()
    {
        _hub.Dispose();
        _cache.Dispose();
    }

    [TestMethod]
    [DataRow(401, "GatedRepo", "401, GatedRepo")]
    [DataRow(401, null, "401")]
    [DataRow(403, "GatedRepo", "403, GatedRepo")]
    [DataRow(403, null, "403")]
    [DataRow(404, null, "config.json")]
    [DataRow(404, "RepoNotFound", "404, RepoNotFound")]
    [DataRow(404, "EntryNotFound", "config.json")]
    [DataRow(407, null, "407")]
    [DataRow(429, null, "429")]
    [DataRow(451, null, "451")]
    [DataRow(503, null, "503")]
    public void An_error_of_the_hub_leaves_the_cached_version(int status, string? code, string cause)
    {
        Fetch();
        _hub.Instead = (_, response) =>
        {
            response.StatusCode = status;
            response.Headers["Retry-After"] = "60";
            if (code is not null)
                response.Headers["X-Error-Code"] = code;
            return true;
        };
        IsCachedWithOneWarning(cause);
    }

    [TestMethod]
    [DataRow(200, null)]
    [DataRow(302, "/login")]
    [DataRow(302, "http://localhost:1/login")]
    public void A_page_of_a_proxy_leaves_the_cached_version(int status, string? location)
    {
        Fetch();
        _hub.Instead = (request, response) =>
        {
            response.StatusCode = request.RawUrl == "/login" ? 200 : status;
            response.ContentType = "text/html";
            if (location is not null)
                response.Headers["Location"] = location;
            return true;
        };
        IsCachedWithOneWarning("");
    }

    [TestMethod]
    [DataRow("HEAD")]
    [DataRow("GET")]
    public void A_hub_that_answers_nothing_leaves_the_cached_version_within_ten_seconds(string method)
    {
        Fetch();
        Publish();
        using var end = new ManualResetEventSlim();
        _hub.Instead = (request, _) => request.HttpMethod == method && end.Wait(TimeSpan.FromMinutes(3));
        IsCachedWithOneWarning("did not answer");
        end.Set();
    }

    [TestMethod]
    public void A_revision_that_the_hub_does_not_know_is_an_error()
    {
        Fetch();
        _hub.Instead = (_, response) =>
        {
            response.StatusCode = 404;
            response.Headers["X-Error-Code"] = "RevisionNotFound";
            return true;
        };
        StringAssert.Contains(Assert.ThrowsExactly<FileNotFoundException>(() => Fetch()).Message, "RevisionNotFound");
        Assert.IsEmpty(_log.Warnings);
    }

    [TestMethod]
    public void A_commit_in_the_cache_asks_nobody()
    {
        Fetch();
        // Python's clients record no absences of files that they do not look for.
        Directory.Delete(_cache["models--owner--model/.no_exist"], recursive: true);
        _hub.Requests.Clear();
        StringAssert.Contains(PerceiverCheckpoint.FromHub(Id, Commit, Options()).Source, Commit);
        Assert.IsEmpty(_hub.Requests);
    }

    [TestMethod]
    [DataRow(Config)]
    [DataRow("preprocessor_config.json")]
    [DataRow(Weights)]
    public void An_update_that_breaks_off_leaves_the_old_version_online_and_offline(string missing)
    {
        string old = Fetch();
        Publish();
        bool isBroken = true;
        _hub.Instead = (request, response) =>
        {
            if (!isBroken || request.HttpMethod != "GET" || !request.RawUrl!.EndsWith(missing, StringComparison.Ordinal))
                return false;
            response.StatusCode = 503;
            return true;
        };
        IsCachedWithOneWarning("503");
        Assert.AreEqual(old, PerceiverCheckpoint.FromHub(Id, options: Options() with { Offline = true }).Source);
        Assert.AreEqual(Commit, File.ReadAllText(_cache["models--owner--model/refs/main"]));
        isBroken = false;
        _log.Clear();
        StringAssert.Contains(Fetch(), Newer);
        Assert.IsEmpty(_log.Warnings);
        Assert.AreEqual(Newer, File.ReadAllText(_cache["models--owner--model/refs/main"]));
        StringAssert.Contains(PerceiverCheckpoint.FromHub(Id, options: Options() with { Offline = true }).Source, Newer);
    }

    [TestMethod]
    public void An_update_whose_bytes_are_wrong_leaves_the_old_version()
    {
        Fetch();
        Publish();
        for (int i = 0; i < Options().Attempts; i++)
            _hub.Fail(Fault.WrongBytes);
        IsCachedWithOneWarning("SHA-256");
    }

    private string Fetch() => PerceiverCheckpoint.FromHub(Id, options: Options()).Source;

    // A newer version, in which every file is another one.
    private void Publish()
    {
        _hub.Head = Newer;
        _hub.Put(Config, [.. File.ReadAllBytes(Path.Combine(Source, Config)), (byte)'\n']);
        _hub.Put("preprocessor_config.json", "{}"u8.ToArray());
        _hub.Put(Weights, [.. File.ReadAllBytes(Path.Combine(Source, Weights)), 0]);
    }

    private void IsCachedWithOneWarning(string cause)
    {
        var watch = Stopwatch.StartNew();
        string source = Fetch();
        // The hub is waited for 7 s at most; the rest is what a busy machine may add. Without a limit it was 158 s.
        Assert.IsLessThan(30_000, watch.ElapsedMilliseconds);
        Assert.AreEqual(_cache[$"models--owner--model/snapshots/{Commit}/{Weights}"], source);
        Assert.HasCount(1, _log.Warnings);
        StringAssert.Contains(_log.Warnings[0], Id);
        StringAssert.Contains(_log.Warnings[0], cause);
        Assert.DoesNotContain('\n', _log.Warnings[0]);
    }

    // Timeouts and retries are those that a program has.
    private PerceiverHubOptions Options() => new()
    {
        CacheDirectory = _cache.Path,
        Endpoint = _hub.Endpoint,
        Token = "",
        Offline = false,
        Logger = _log,
    };
}
