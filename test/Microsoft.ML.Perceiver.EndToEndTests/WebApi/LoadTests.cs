using WebApi;

namespace Microsoft.ML.Perceiver.EndToEndTests.WebApi;

/// <summary>Many clients at once, and how that is measured.</summary>
[TestClass]
public sealed class LoadTests
{
    [TestMethod]
    public async Task Many_clients_get_right_answers()
    {
        await using var server = await TinyServer.StartAsync();
        var test = new LoadTest(server.Address, TinyServer.Texts, ModelFile.Transform(server.Model, TinyServer.Texts));
        var found = await test.RunAsync(clients: 16, warmUp: TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(2));
        Assert.AreEqual(0, found.Errors, found.FirstError);
        Assert.IsGreaterThanOrEqualTo(16, found.Requests);
        Assert.IsGreaterThan(0.0, found.P99Milliseconds);
        Assert.IsGreaterThanOrEqualTo(found.MedianMilliseconds, found.P99Milliseconds);
    }

    [TestMethod]
    public async Task Wrong_answers_and_failed_requests_are_errors()
    {
        await using var server = await TinyServer.StartAsync();
        var wrong = ModelFile.Transform(server.Model, TinyServer.Texts).Select(a => a with { PredictedLabel = "neither" }).ToArray();
        var test = new LoadTest(server.Address, TinyServer.Texts, wrong);
        var found = await test.RunAsync(clients: 2, warmUp: TimeSpan.Zero, TimeSpan.FromSeconds(0.5));
        Assert.IsGreaterThan(0, found.Errors);
        Assert.IsGreaterThanOrEqualTo(found.Requests, found.Errors);
        StringAssert.Contains(found.FirstError, "is not Transform's", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow(60)]
    [DataRow(600)]
    public void Growth_compares_the_first_part_with_the_last(int seconds)
    {
        var memory = new MemoryRecord();
        for (int i = 0; i <= seconds; i++)
            memory.Add(TimeSpan.FromSeconds(i), i <= Math.Min(60, seconds / 3) ? 1000 : i < seconds * 0.6 ? 1 : 1100);
        Assert.AreEqual(10, memory.GrowthPercent(), 1e-9);
    }

    [TestMethod]
    public void Percentiles()
    {
        var latencies = new LatencyHistogram();
        for (int i = 1; i <= 100; i++)
            latencies.Add(TimeSpan.FromMilliseconds(i));
        latencies.Add(TimeSpan.FromDays(1));
        Assert.AreEqual(51, latencies.Percentile(0.5), 0.11);
        Assert.AreEqual(100, latencies.Percentile(0.99), 0.11);
        Assert.AreEqual(60_000, latencies.Percentile(1), 0.11);
    }
}
