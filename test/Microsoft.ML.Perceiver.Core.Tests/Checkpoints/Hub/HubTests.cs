using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.ML.Perceiver.Tests.Runtime;
using static Microsoft.ML.Perceiver.Tests.Checkpoints.Hub.LoopbackHub;

namespace Microsoft.ML.Perceiver.Tests.Checkpoints.Hub;

[TestClass]
public sealed class HubTests : IDisposable
{
    private const string Id = "owner/model";

    private readonly TemporaryFolder _cache = new();

    private static readonly string Source = GoldenFolder.BundledPathOf("models", "mlm_default");

    public void Dispose() => _cache.Dispose();

    [TestMethod]
    public void A_model_is_fetched_into_the_hubs_own_layout_and_once()
    {
        using var hub = Hub("config.json", "model.safetensors", "pytorch_model.bin");
        var checkpoint = PerceiverCheckpoint.FromHub(Id, options: Options(hub));
        string root = _cache["models--owner--model"], snapshot = Path.Combine(root, "snapshots", Commit);
        Assert.AreEqual(Path.Combine(snapshot, "model.safetensors"), checkpoint.Source);
        Assert.AreEqual(Commit, File.ReadAllText(Path.Combine(root, "refs", "main")));
        string sha = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Source, "model.safetensors"))));
        Assert.AreEqual($"../../blobs/{sha}", new FileInfo(checkpoint.Source).LinkTarget);
        Assert.IsTrue(File.Exists(Path.Combine(root, ".no_exist", Commit, "preprocessor_config.json")));
        Assert.IsEmpty(Directory.GetFiles(Path.Combine(root, "blobs"), "*.incomplete"));
        Assert.AreEqual(0, hub.Downloads("pytorch_model.bin"), "safetensors are preferred");
        var (model, _) = checkpoint.Load(c => new PerceiverForMaskedLM(c, initialize: false));
        model.Dispose();

        hub.Requests.Clear();
        PerceiverCheckpoint.FromHub(Id, options: Options(hub));
        Assert.AreEqual("HEAD /owner/model/resolve/main/config.json", string.Join('\n', hub.Requests));
        hub.Requests.Clear();
        PerceiverCheckpoint.FromHub(Id, Commit, Options(hub));
        Assert.IsEmpty(hub.Requests, "a commit never changes");
    }

    [TestMethod]
    public void A_link_whose_blob_is_gone_is_mended()
    {
        using var hub = Hub("config.json", "model.safetensors");
        string weights = PerceiverCheckpoint.FromHub(Id, options: Options(hub)).Source;
        File.Delete(File.ResolveLinkTarget(weights, returnFinalTarget: true)!.FullName);
        Assert.ThrowsExactly<FileNotFoundException>(() => PerceiverCheckpoint.FromHub(Id, options: Options(hub) with { Offline = true }));
        Assert.AreEqual(weights, PerceiverCheckpoint.FromHub(Id, options: Options(hub)).Source);
        CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(Source, "model.safetensors")), File.ReadAllBytes(weights));
    }

    [TestMethod]
    public void What_Python_downloaded_is_found_without_the_hub()
    {
        string root = _cache["models--owner--model"], snapshot = Path.Combine(root, "snapshots", Commit);
        foreach (string folder in new[] { snapshot, Path.Combine(root, "blobs"), Path.Combine(root, "refs", "refs", "pr") })
            Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(root, "refs", "refs", "pr", "1"), Commit);
        foreach (var (name, blob) in new[] { ("config.json", "0a"), ("pytorch_model.bin", "0b") })
        {
            File.Copy(Path.Combine(Source, name), Path.Combine(root, "blobs", blob));
            File.CreateSymbolicLink(Path.Combine(snapshot, name), $"../../blobs/{blob}");
        }

        var offline = new PerceiverHubOptions { CacheDirectory = _cache.Path, Offline = true };
        StringAssert.EndsWith(PerceiverCheckpoint.FromHub(Id, "refs/pr/1", offline).Source, "pytorch_model.bin");
        StringAssert.EndsWith(PerceiverCheckpoint.FromHub(Id, Commit, offline).Source, "pytorch_model.bin");
        StringAssert.Contains(
            Assert.ThrowsExactly<FileNotFoundException>(() => PerceiverCheckpoint.FromHub(Id, "main", offline)).Message, "HF_HUB_OFFLINE");

        // The hub is not there: nobody listens at this port.
        var unreachable = new PerceiverHubOptions
        {
            CacheDirectory = _cache.Path,
            Endpoint = "http://127.0.0.1:9",
            Attempts = 2,
            RetryDelay = TimeSpan.FromMilliseconds(1),
        };
        StringAssert.EndsWith(PerceiverCheckpoint.FromHub(Id, "refs/pr/1", unreachable).Source, "pytorch_model.bin");
        StringAssert.Contains(
            Assert.ThrowsExactly<HttpRequestException>(() => PerceiverCheckpoint.FromHub(Id, "main", unreachable)).Message,
            "cannot be reached");
    }

    [TestMethod]
    public void Bin_files_pieces_other_revisions_and_a_new_name_are_found()
    {
        using var hub = Hub("config.json", "pytorch_model.bin");
        StringAssert.EndsWith(PerceiverCheckpoint.FromHub("owner/old-name", "refs/pr/1", Options(hub)).Source, "pytorch_model.bin");
        Assert.AreEqual(Commit, File.ReadAllText(Path.Combine(_cache.Path, "models--owner--old-name", "refs", "refs", "pr", "1")));

        byte[] weights = File.ReadAllBytes(Path.Combine(Source, "model.safetensors"));
        using var file = SafeTensorsFile.Open(Path.Combine(Source, "model.safetensors"));
        byte[] index = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
            new { weight_map = file.Tensors.ToDictionary(t => t.Name, _ => "piece-1.safetensors") });
        using var sharded = new LoopbackHub(
            [
                ("config.json", File.ReadAllBytes(Path.Combine(Source, "config.json"))),
                ("model.safetensors.index.json", index),
                ("piece-1.safetensors", weights),
            ]);
        var checkpoint = PerceiverCheckpoint.FromHub(Id, options: Options(sharded));
        StringAssert.EndsWith(checkpoint.Source, "model.safetensors.index.json");
        checkpoint.Load(c => new PerceiverForMaskedLM(c, initialize: false)).Model.Dispose();
        StringAssert.EndsWith(PerceiverCheckpoint.FromHub(Id, options: Options(sharded) with { Offline = true }).Source, "index.json");
    }

    [TestMethod]
    public void The_token_is_asked_for_and_stays_with_the_hub()
    {
        using var hub = Hub("config.json", "model.safetensors");
        hub.Token = "secret";
        StringAssert.Contains(
            Assert.ThrowsExactly<UnauthorizedAccessException>(() => PerceiverCheckpoint.FromHub(Id, options: Options(hub))).Message,
            "401, GatedRepo");
        PerceiverCheckpoint.FromHub(Id, options: Options(hub) with { Token = "secret" });
        Assert.AreEqual(1, hub.Downloads("model.safetensors"));
        Assert.AreEqual(0, hub.LeakedTokens);
    }

    [TestMethod]
    public void Models_revisions_and_weights_that_are_missing_are_named()
    {
        using var hub = Hub("config.json");
        StringAssert.Contains(
            Assert.ThrowsExactly<FileNotFoundException>(() => PerceiverCheckpoint.FromHub("owner/other", options: Options(hub))).Message,
            "RepoNotFound");
        StringAssert.Contains(
            Assert.ThrowsExactly<FileNotFoundException>(() => PerceiverCheckpoint.FromHub(Id, "v9", Options(hub))).Message,
            "RevisionNotFound");
        StringAssert.Contains(
            Assert.ThrowsExactly<FileNotFoundException>(() => PerceiverCheckpoint.FromHub(Id, options: Options(hub))).Message,
            "model.safetensors");
    }

    [TestMethod]
    [DataRow("..")]
    [DataRow("a/b/c")]
    [DataRow("../a")]
    [DataRow("a/../b")]
    [DataRow("https://x/y")]
    [DataRow("a b")]
    public void A_name_that_is_none_is_refused(string id) => Assert.ThrowsExactly<ArgumentException>(() =>
        PerceiverCheckpoint.FromHub(id, options: new() { CacheDirectory = _cache.Path, Offline = true }));

    [TestMethod]
    [DataRow("../main")]
    [DataRow("/main")]
    [DataRow("refs//1")]
    [DataRow("a\\b")]
    public void A_revision_that_is_none_is_refused(string revision) =>
        Assert.ThrowsExactly<ArgumentException>(
            () => PerceiverCheckpoint.FromHub(Id, revision, new() { CacheDirectory = _cache.Path, Offline = true }));

    [TestMethod]
    public void Options_come_from_the_environment()
    {
        var variables = new Dictionary<string, string?>
        {
            ["HF_HOME"] = _cache["home"],
            ["HF_HUB_CACHE"] = null,
            ["HUGGINGFACE_HUB_CACHE"] = null,
            ["HF_ENDPOINT"] = "http://127.0.0.1:9",
            ["HF_TOKEN"] = "t",
            ["HF_HUB_OFFLINE"] = "1",
        };
        var before = variables.ToDictionary(v => v.Key, v => Environment.GetEnvironmentVariable(v.Key));
        try
        {
            foreach (var (name, value) in variables)
                Environment.SetEnvironmentVariable(name, value);
            var settings = new HubSettings(new PerceiverHubOptions());
            Assert.AreEqual(Path.Combine(_cache.Path, "home", "hub"), settings.CacheDirectory);
            Assert.AreEqual("http://127.0.0.1:9/", settings.Endpoint.ToString());
            Assert.AreEqual("t", settings.Token);
            Assert.IsTrue(settings.Offline);
            Environment.SetEnvironmentVariable("HF_HUB_CACHE", _cache["other"]);
            Environment.SetEnvironmentVariable("HF_HUB_OFFLINE", "0");
            settings = new HubSettings(new PerceiverHubOptions());
            Assert.AreEqual(_cache["other"], settings.CacheDirectory);
            Assert.IsFalse(settings.Offline);
        }
        finally
        {
            foreach (var (name, value) in before)
                Environment.SetEnvironmentVariable(name, value);
        }
    }

    [TestMethod]
    public void Two_processes_download_a_model_once()
    {
        using var hub = Hub("config.json", "model.safetensors");
        hub.Trickle = 5000;
        var processes = Enumerable.Range(0, 2).Select(_ => HostProcess.Start($"hub {Id} {hub.Endpoint} {_cache.Path}")).ToArray();
        string[] answers = processes.Select(p => HostProcess.Finish(p).Single()).ToArray();
        Assert.AreEqual(answers[0], answers[1]);
        StringAssert.StartsWith(answers[0], "weights ");
        Assert.AreEqual(1, hub.Downloads("model.safetensors"));
        CollectionAssert.AreEqual(
            File.ReadAllBytes(Path.Combine(Source, "model.safetensors")),
            File.ReadAllBytes(Path.Combine(_cache.Path, "models--owner--model", "snapshots", Commit, "model.safetensors")));
    }

    [TestMethod]
    public void A_process_that_was_killed_leaves_no_lock_and_its_bytes()
    {
        using var hub = Hub("config.json", "model.safetensors");
        hub.Trickle = 1000;
        using (var process = HostProcess.Start($"hub {Id} {hub.Endpoint} {_cache.Path}"))
        {
            var watch = Stopwatch.StartNew();
            while (Incomplete() is not { Length: > 4000 } && watch.Elapsed < TimeSpan.FromSeconds(60))
                Thread.Sleep(20);
            process.Kill();
            process.WaitForExit();
        }

        Assert.IsGreaterThan(0, Incomplete()!.Length);
        hub.Trickle = null;
        hub.Requests.Clear();
        PerceiverCheckpoint.FromHub(Id, options: Options(hub));
        Assert.IsTrue(
            hub.Requests.Any(r => r.StartsWith("GET /cdn/model.safetensors bytes=", StringComparison.Ordinal)),
            string.Join('\n', hub.Requests));

        FileInfo? Incomplete() =>
            Directory.Exists(Path.Combine(_cache.Path, "models--owner--model", "blobs"))
                ? new DirectoryInfo(Path.Combine(_cache.Path, "models--owner--model", "blobs"))
                    .GetFiles("*.incomplete")
                    .FirstOrDefault(f => f.Name.Length > 60)
                : null;
    }

    private PerceiverHubOptions Options(LoopbackHub hub) => hub.Options(_cache.Path, TimeSpan.FromSeconds(10));

    private static LoopbackHub Hub(params string[] files) => new(files.Select(f => (f, File.ReadAllBytes(Path.Combine(Source, f)))));
}
