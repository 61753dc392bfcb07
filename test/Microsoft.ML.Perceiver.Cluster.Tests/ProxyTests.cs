using System.Net;
using System.Net.Http.Json;
using Cluster.Demo;
using Cluster.Proxy;
using Cluster.Serving;
using WebApi;

namespace Microsoft.ML.Perceiver.Cluster.Tests;

/// <summary>Servers of samples/WebApi behind the proxy.</summary>
[TestClass]
public sealed class ProxyTests
{
    private static TwoVersions s_models = null!;

    [ClassInitialize]
    public static void Make(TestContext context) => s_models = new TwoVersions();

    [ClassCleanup]
    public static void Delete() => s_models.Dispose();

    [TestMethod]
    public async Task A_server_that_goes_under_load_fails_no_request()
    {
        await using var first = await ServeAsync();
        var second = await ServeAsync();
        await using var proxy = await ProxyHost.StartAsync(OptionsOf(first.Address, second.Address));
        var load = Load(proxy);
        var shares = await load.SendAsync(100);
        Assert.AreEqual((0L, 0L), (shares.Failed, shares.Wrong), shares.FirstFault);
        Assert.IsGreaterThanOrEqualTo(0.4, shares.SmallestShare);
        var found = await load.DuringAsync(
            TimeSpan.FromSeconds(0.3), async () => await second.DisposeAsync(), TimeSpan.FromSeconds(1));
        Assert.AreEqual((0L, 0L), (found.Failed, found.Wrong), found.FirstFault);
    }

    [TestMethod]
    public async Task A_server_that_is_not_there_is_passed_over()
    {
        await using var first = await ServeAsync();
        var nobody = new Uri($"http://127.0.0.1:{Ports.Free(1)[0]}");
        await using var proxy = await ProxyHost.StartAsync(OptionsOf(first.Address, nobody));
        var found = await Load(proxy).SendAsync(100);
        Assert.AreEqual((0L, 0L), (found.Failed, found.Wrong), found.FirstFault);
        Assert.HasCount(1, found.Silos);
    }

    [TestMethod]
    public async Task Without_a_server_it_says_so()
    {
        int[] ports = Ports.Free(2);
        var options = OptionsOf([.. ports.Select(p => new Uri($"http://127.0.0.1:{p}"))]);
        await using var proxy = await ProxyHost.StartAsync(options);
        using var http = new HttpClient { BaseAddress = proxy.Address };
        using var response = await http.PostAsJsonAsync("/predict", new { text = "hello" });
        Assert.IsTrue(response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable, $"{response.StatusCode}");
        using var other = await http.GetAsync("/metrics");
        Assert.AreEqual(HttpStatusCode.OK, other.StatusCode);
    }

    private static Load Load(ProxyHost proxy) =>
        new(proxy.Address, TwoVersions.Texts, new Dictionary<string, Answer[]> { ["1"] = s_models.Answers["1"] }) { IsProxy = true };

    private static ProxyOptions OptionsOf(params Uri[] servers) => new() { Servers = servers, Url = "http://127.0.0.1:0" };

    private static Task<Server> ServeAsync() =>
        Server.StartAsync(s_models.Store.PathOf(TextTask.TaskName, "1"), "http://127.0.0.1:0", engines: 1);
}
