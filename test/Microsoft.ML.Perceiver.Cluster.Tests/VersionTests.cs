using Cluster.Grains;
using Cluster.Serving;
using Microsoft.Extensions.Logging.Abstractions;
using WebApi;

namespace Microsoft.ML.Perceiver.Cluster.Tests;

/// <summary>A version that takes the place of another one.</summary>
[TestClass]
public sealed class VersionTests
{
    private static TwoVersions s_models = null!;

    [ClassInitialize]
    public static void Make(TestContext context) => s_models = new TwoVersions();

    [ClassCleanup]
    public static void Delete() => s_models.Dispose();

    [TestMethod]
    public async Task The_older_version_is_freed_when_its_last_request_has_ended()
    {
        var task = Of(places: 64);
        await task.ServeAsync("1");
        var running = task.ClassifyAsync(TwoVersions.Texts, default);
        await task.ServeAsync("2");
        Assert.AreEqual("2", task.Version);
        Check(await running, "1");
        Check(await task.ClassifyAsync(TwoVersions.Texts, default), "2");
        await UntilAsync(() => task.InMemory is ["2"]);
        await task.DisposeAsync();
        Assert.IsEmpty(task.InMemory);
    }

    [TestMethod]
    public async Task Swaps_under_load_mix_no_answers()
    {
        await using var task = Of(places: 1024);
        await task.ServeAsync("1");
        bool goesOn = true;
        int answered = 0;
        var clients = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (Volatile.Read(ref goesOn))
            {
                var reply = await task.ClassifyAsync(TwoVersions.Texts, default);
                Check(reply, reply.Version);
                Interlocked.Increment(ref answered);
            }
        })).ToArray();
        for (int i = 0; i < 6; i++)
        {
            int before = Volatile.Read(ref answered);
            await task.ServeAsync(i % 2 == 0 ? "2" : "1");
            await UntilAsync(() => Volatile.Read(ref answered) > before + clients.Length);
        }

        Volatile.Write(ref goesOn, false);
        await Task.WhenAll(clients);
        await UntilAsync(() => task.InMemory is ["1"]);
    }

    [TestMethod]
    [DataRow("bad")]
    [DataRow("missing")]
    [DataRow("../1")]
    public async Task A_version_that_cannot_be_served_leaves_the_older_one(string version)
    {
        await using var task = Of(places: 64);
        await task.ServeAsync("1");
        var error = await Assert.ThrowsExactlyAsync<ModelSwapException>(() => task.ServeAsync(version));
        foreach (string part in new[] { "10.0.0.1:11111", $"'{version}'", "text", "version 1 goes on" })
            Assert.Contains(part, error.Message);
        Assert.AreEqual("1", task.Version);
        Check(await task.ClassifyAsync(TwoVersions.Texts, default), "1");
    }

    [TestMethod]
    public async Task A_request_without_places_is_busy_and_leaves_them()
    {
        var places = new SiloPlaces(4);
        await using var task = Of(places);
        await task.ServeAsync("1");
        var reply = await task.ClassifyAsync(TwoVersions.Texts, default);
        Assert.IsTrue(reply.IsBusy);
        Assert.AreEqual((0, "10.0.0.1:11111"), (places.Taken, reply.Silo));
        Assert.IsFalse((await task.ClassifyAsync(TwoVersions.Texts[..4], default)).IsBusy);
        Assert.AreEqual(0, places.Taken);
    }

    [TestMethod]
    public async Task A_request_that_is_cancelled_gives_its_places_back()
    {
        var places = new SiloPlaces(64);
        await using var task = Of(places);
        await task.ServeAsync("1");
        await Assert.ThrowsAsync<OperationCanceledException>(() => task.ClassifyAsync(TwoVersions.Texts, new CancellationToken(true)));
        Assert.AreEqual(0, places.Taken);
        await task.ServeAsync("2");
        await UntilAsync(() => task.InMemory is ["2"]);
    }

    private static TextTask Of(int places) => Of(new SiloPlaces(places));

    private static TextTask Of(SiloPlaces places) => new(
        s_models.Store,
        new EngineOptions { Engines = 2, Places = places.Count },
        places,
        new SiloName("10.0.0.1:11111"),
        NullLoggerFactory.Instance);

    private static void Check(Reply reply, string version)
    {
        Assert.AreEqual(version, reply.Version);
        var expected = s_models.Answers[version];
        Assert.HasCount(expected.Length, reply.Answers);
        for (int i = 0; i < expected.Length; i++)
        {
            var answer = new Answer(reply.Answers[i].PredictedLabel, reply.Answers[i].Score);
            Assert.IsTrue(expected[i].Equals(answer, LoadTest.Tolerance), $"{answer} is not {expected[i]}, text {i}");
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (int i = 0; i < 600 && !condition(); i++)
            await Task.Delay(50);
        Assert.IsTrue(condition(), "This did not happen within 30 seconds.");
    }
}
