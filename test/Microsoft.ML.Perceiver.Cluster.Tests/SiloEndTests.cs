using System.Net;
using System.Net.Http.Json;
using Cluster.Demo;
using Cluster.Serving;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.ML.Perceiver.Cluster.Tests;

/// <summary>Silos that are full, or leave.</summary>
[TestClass]
public sealed class SiloEndTests
{
    [TestMethod]
    public async Task A_silo_without_a_place_sends_requests_to_the_other_and_then_both_are_503()
    {
        await using var cluster = await TinyCluster.StartAsync(places: 32);
        var first = cluster.First.Services.GetRequiredService<SiloPlaces>();
        var second = cluster.Second.Services.GetRequiredService<SiloPlaces>();
        Assert.IsTrue(first.TryTake(32));
        var found = await new Load(cluster.Gateway.Address, TwoVersions.Texts, cluster.Models.Answers).SendAsync(40);
        Assert.AreEqual((0L, 0L), (found.Failed, found.Wrong), found.FirstFault);
        Assert.HasCount(1, found.Silos);
        Assert.IsTrue(second.TryTake(32));
        using var refused = await cluster.Http.PostAsJsonAsync("/predict", new { text = "hello" });
        Assert.AreEqual(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.AreEqual(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        first.Return(32);
        using var next = await cluster.Http.PostAsJsonAsync("/predict", new { text = "hello" });
        Assert.AreEqual(HttpStatusCode.OK, next.StatusCode);
    }

    [TestMethod]
    public async Task A_silo_that_leaves_under_load_fails_no_request()
    {
        await using var cluster = await TinyCluster.StartAsync();
        var found = await new Load(cluster.Gateway.Address, TwoVersions.Texts, cluster.Models.Answers).DuringAsync(
            TimeSpan.FromSeconds(0.5), async () => await cluster.Second.DisposeAsync(), TimeSpan.FromSeconds(0.5));
        Assert.AreEqual((0L, 0L), (found.Failed, found.Wrong), found.FirstFault);
        Assert.HasCount(2, found.Silos);
    }
}
