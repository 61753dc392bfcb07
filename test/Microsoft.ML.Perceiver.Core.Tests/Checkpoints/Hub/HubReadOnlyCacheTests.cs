using static Microsoft.ML.Perceiver.Tests.Checkpoints.Hub.LoopbackHub;

namespace Microsoft.ML.Perceiver.Tests.Checkpoints.Hub;

/// <summary>
/// Caches that cannot be written. A file stands where a folder would be written, which stops the superuser too; for other users the folders
/// are read-only besides.
/// </summary>
[TestClass]
public sealed class HubReadOnlyCacheTests : IDisposable
{
    private const string Id = "owner/model";

    private static readonly string Source = GoldenFolder.BundledPathOf("models", "mlm_default");

    private readonly TemporaryFolder _cache = new();

    // Waiting for ever fails a test instead of holding all of them up.
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));

    public void Dispose()
    {
        SetMode(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _cache.Dispose();
        _patience.Dispose();
    }

    [TestMethod]
    public void A_complete_cache_loads_and_what_cannot_be_recorded_is_not()
    {
        using var hub = Hub("config.json", "model.safetensors");
        string weights = PerceiverCheckpoint.FromHub(Id, options: Options(hub), cancellationToken: _patience.Token).Source;
        MakeReadOnly();
        for (int i = 0; i < 2; i++)
        {
            hub.Requests.Clear();
            var checkpoint = PerceiverCheckpoint.FromHub(Id, options: Options(hub), cancellationToken: _patience.Token);
            Assert.AreEqual(weights, checkpoint.Source);
            checkpoint.Load(c => new PerceiverForMaskedLM(c, initialize: false)).Model.Dispose();
            Assert.Contains("HEAD /owner/model/resolve/" + Commit + "/preprocessor_config.json", hub.Requests, "the absence is not known");
        }

        // A revision whose commit is not recorded, and cannot be.
        Assert.AreEqual(weights, PerceiverCheckpoint.FromHub(Id, "refs/pr/1", Options(hub), _patience.Token).Source);
    }

    [TestMethod]
    public void A_file_that_cannot_be_stored_leaves_a_complete_cache_as_it_is()
    {
        using var first = Hub("config.json", "model.safetensors");
        string weights = PerceiverCheckpoint.FromHub(Id, options: Options(first)).Source;
        MakeReadOnly();
        using var hub = new LoopbackHub(
            [
                .. new[] { "config.json", "model.safetensors" }.Select(f => (f, File.ReadAllBytes(Path.Combine(Source, f)))),
                ("preprocessor_config.json", "{}"u8.ToArray()),
            ]);
        Assert.AreEqual(weights, PerceiverCheckpoint.FromHub(Id, options: Options(hub), cancellationToken: _patience.Token).Source);
    }

    [TestMethod]
    public void An_empty_cache_that_cannot_be_written_is_named()
    {
        using var hub = Hub("config.json", "model.safetensors");
        MakeReadOnly();
        var e = Assert.ThrowsExactly<IOException>(
            () => PerceiverCheckpoint.FromHub(Id, options: Options(hub), cancellationToken: _patience.Token));
        StringAssert.Contains(e.Message, $"The cache '{_cache.Path}' cannot be written");
    }

    [TestMethod]
    public async Task A_lock_that_another_holds_is_waited_for()
    {
        string path = _cache["locks/a.lock"];
        var first = await HubLock.AcquireAsync(path, _patience.Token);
        var second = HubLock.AcquireAsync(path, _patience.Token);
        await Task.Delay(300);
        Assert.IsFalse(second.IsCompleted, "the lock is held");
        first.Dispose();
        (await second).Dispose();
    }

    [TestMethod]
    [DataRow("a file, not a folder/a.lock")]
    [DataRow("folder.lock")]
    public async Task A_lock_that_cannot_be_written_is_not_waited_for(string name)
    {
        File.WriteAllText(_cache["a file, not a folder"], "");
        Directory.CreateDirectory(_cache["folder.lock"]);
        var e = await Assert.ThrowsAsync<Exception>(() => HubLock.AcquireAsync(_cache[name], _patience.Token));
        Assert.IsTrue(e is IOException or UnauthorizedAccessException, e.ToString());
    }

    private void MakeReadOnly()
    {
        string model = _cache["models--owner--model"];
        foreach (string folder in new[] { _cache[".locks"], Path.Combine(model, ".no_exist"), Path.Combine(model, "refs", "refs") })
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
            File.WriteAllText(folder, "");
        }

        SetMode(UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private void SetMode(UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(_cache.Path, mode);
        foreach (string folder in Directory.GetDirectories(_cache.Path, "*", SearchOption.AllDirectories))
            File.SetUnixFileMode(folder, mode);
    }

    private PerceiverHubOptions Options(LoopbackHub hub) => hub.Options(_cache.Path, TimeSpan.FromSeconds(10));

    private static LoopbackHub Hub(params string[] files) => new(files.Select(f => (f, File.ReadAllBytes(Path.Combine(Source, f)))));
}
