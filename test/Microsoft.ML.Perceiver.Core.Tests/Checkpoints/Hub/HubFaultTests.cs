using static Microsoft.ML.Perceiver.Tests.Checkpoints.Hub.LoopbackHub;

namespace Microsoft.ML.Perceiver.Tests.Checkpoints.Hub;

/// <summary>
/// What goes wrong on the way, one thing or several in a row: the file is whole in the end, or the error says why it is not there.
/// </summary>
[TestClass]
public sealed class HubFaultTests : IDisposable
{
    private const string Id = "owner/model", Weights = "model.safetensors";

    private static readonly string Source = GoldenFolder.BundledPathOf("models", "mlm_default");

    private readonly TemporaryFolder _cache = new();

    public void Dispose() => _cache.Dispose();

    [TestMethod]
    [DataRow(new[] { Fault.TooManyRequests }, 2)]
    [DataRow(new[] { Fault.ServerError, Fault.ServerError }, 3)]
    [DataRow(new[] { Fault.Cut }, 2)]
    [DataRow(new[] { Fault.Cut, Fault.Cut, Fault.Cut, Fault.Cut, Fault.Cut }, 6)]
    [DataRow(new[] { Fault.Cut, Fault.IgnoreRange }, 2)]
    [DataRow(new[] { Fault.Cut, Fault.NotSatisfiable }, 3)]
    [DataRow(new[] { Fault.Cut, Fault.ServerError, Fault.TooManyRequests }, 4)]
    [DataRow(new[] { Fault.WrongBytes }, 2)]
    [DataRow(new[] { Fault.Stall }, 2)]
    public void A_fault_that_passes_is_gone_over(Fault[] faults, int downloads)
    {
        using var hub = Hub();
        foreach (var fault in faults)
            hub.Fail(fault);
        var checkpoint = PerceiverCheckpoint.FromHub(Id, options: Options(hub));
        CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(Source, Weights)), File.ReadAllBytes(checkpoint.Source));
        Assert.AreEqual(downloads, hub.Downloads(Weights), string.Join('\n', hub.Requests));
    }

    [TestMethod]
    public void A_broken_download_goes_on_where_it_was()
    {
        using var hub = Hub();
        hub.Fail(Fault.Cut);
        PerceiverCheckpoint.FromHub(Id, options: Options(hub));
        StringAssert.Contains(hub.Requests.Last(r => r.Contains("/cdn/", StringComparison.Ordinal)), "bytes=");
    }

    [TestMethod]
    [DataRow(Fault.ServerError, typeof(HttpRequestException), "503")]
    [DataRow(Fault.TooManyRequests, typeof(HttpRequestException), "429")]
    [DataRow(Fault.WrongBytes, typeof(FormatException), "SHA-256")]
    [DataRow(Fault.Forbidden, typeof(UnauthorizedAccessException), "403")]
    public void A_fault_that_stays_is_an_error_and_leaves_no_file(Fault fault, Type error, string word)
    {
        using var hub = Hub();
        for (int i = 0; i < 3; i++)
            hub.Fail(fault);
        var e = Assert.Throws<Exception>(() => PerceiverCheckpoint.FromHub(Id, options: Options(hub)));
        Assert.AreEqual(error, e.GetType(), e.ToString());
        StringAssert.Contains(e.Message, word);
        Assert.AreEqual(fault == Fault.Forbidden ? 1 : 3, hub.Downloads(Weights));
        Assert.IsFalse(File.Exists(Path.Combine(_cache.Path, "models--owner--model", "snapshots", Commit, Weights)));
        Assert.IsTrue(
            Directory.GetFiles(
                Path.Combine(_cache.Path, "models--owner--model", "blobs"), "*.incomplete").All(f => new FileInfo(f).Length == 0));
    }

    [TestMethod]
    public void Progress_is_told_and_cancelling_stops_at_once()
    {
        using var hub = Hub();
        // The whole would take 23 s.
        hub.Trickle = 100;
        using var stop = new CancellationTokenSource();
        var seen = new List<PerceiverHubProgress>();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var options = Options(hub) with
        {
            Progress = new Told(p =>
            {
                if (p.File == Weights)
                    stop.CancelAfter(1000);
            }),
        };
        Assert.Throws<OperationCanceledException>(() => PerceiverCheckpoint.FromHub(Id, options: options, cancellationToken: stop.Token));
        Assert.IsLessThan(15_000, watch.ElapsedMilliseconds);
        hub.Trickle = null;
        PerceiverCheckpoint.FromHub(Id, options: options with { Progress = new Told(seen.Add) });
        long length = new FileInfo(Path.Combine(Source, Weights)).Length;
        Assert.AreEqual(new PerceiverHubProgress(Weights, length, length), seen[^1]);
        Assert.IsTrue(
            hub.Requests.Any(r => r.Contains("bytes=", StringComparison.Ordinal)), "the second call goes on where the first was stopped");
    }

    private PerceiverHubOptions Options(LoopbackHub hub) => hub.Options(_cache.Path, TimeSpan.FromSeconds(1));

    private static LoopbackHub Hub() => new(new[] { "config.json", Weights }.Select(f => (f, File.ReadAllBytes(Path.Combine(Source, f)))));

    private sealed class Told(Action<PerceiverHubProgress> tell) : IProgress<PerceiverHubProgress>
    {
        public void Report(PerceiverHubProgress value) => tell(value);
    }
}
