using System.Net;
using System.Net.Http.Json;
using Cluster.Demo;
using Cluster.Grains;
using Cluster.Hosting;
using Cluster.Serving;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.ML.Perceiver.Cluster.Tests;

/// <summary>Two silos and a gateway.</summary>
[TestClass]
public sealed class ClusterTests
{
    private static TinyCluster s_cluster = null!;

    [ClassInitialize]
    public static async Task Start(TestContext context) => s_cluster = await TinyCluster.StartAsync();

    [ClassCleanup]
    public static async Task Stop() => await s_cluster.DisposeAsync();

    private static Load Load(int texts) =>
        new(s_cluster.Gateway.Address, TwoVersions.Texts, s_cluster.Models.Answers) { TextsPerRequest = texts };

    private static Rollout Rollout => s_cluster.Gateway.Services.GetRequiredService<Rollout>();

    [TestMethod]
    public async Task Requests_go_to_the_silos_in_turn()
    {
        var found = await Load(texts: 1).SendAsync(200);
        Assert.AreEqual((200L, 0L, 0L), (found.Requests, found.Failed, found.Wrong), found.FirstFault);
        Assert.HasCount(2, found.Silos);
        Assert.IsGreaterThanOrEqualTo(0.4, found.SmallestShare);
    }

    [TestMethod]
    public async Task A_swap_under_load_fails_no_request_and_mixes_none()
    {
        await Rollout.SwapAsync(TextTask.TaskName, "1");
        var found = await Load(texts: 8).DuringAsync(
            TimeSpan.FromSeconds(0.3), () => Rollout.SwapAsync(TextTask.TaskName, "2"), TimeSpan.FromSeconds(0.3));
        Assert.AreEqual((0L, 0L, 0L), (found.Failed, found.Wrong, found.Mixed), found.FirstFault);
        Assert.HasCount(2, found.Versions);
        var reports = await Rollout.ReportAsync();
        Assert.HasCount(2, reports);
        Assert.IsTrue(reports.All(r => r.Versions[TextTask.TaskName] == "2"));
        Assert.AreEqual("2", s_cluster.Models.Store.Current(TextTask.TaskName));
    }

    [TestMethod]
    public async Task A_swap_that_one_silo_cannot_do_is_taken_back_on_the_others()
    {
        await Rollout.SwapAsync(TextTask.TaskName, "1");
        // Which silo is swapped first follows from its port.
        foreach (var (store, version) in new[] { (s_cluster.Models.Store, "3"), (s_cluster.SecondStore, "4") })
        {
            File.Copy(store.PathOf(TextTask.TaskName, "2"), store.PathOf(TextTask.TaskName, version));
            var error = await Assert.ThrowsExactlyAsync<ModelSwapException>(() => Rollout.SwapAsync(TextTask.TaskName, version));
            Assert.Contains($"'{version}'", error.Message);
            var reports = await Rollout.ReportAsync();
            Assert.HasCount(2, reports);
            Assert.IsTrue(reports.All(r => r.Versions[TextTask.TaskName] == "1"));
            Assert.AreEqual("1", s_cluster.Models.Store.Current(TextTask.TaskName));
            Assert.AreEqual("1", s_cluster.SecondStore.Current(TextTask.TaskName));
        }
    }

    [TestMethod]
    [DataRow("{\"texts\": []}", HttpStatusCode.BadRequest, "1 to 32")]
    [DataRow("{\"texts\": [\"a\", 1]}", HttpStatusCode.BadRequest, "no string")]
    [DataRow("{\"texts\": \"a\"}", HttpStatusCode.BadRequest, "no list")]
    [DataRow("{\"texts\": [\"\"]}", HttpStatusCode.BadRequest, "empty")]
    [DataRow("{\"text\": \"\"}", HttpStatusCode.BadRequest, "empty")]
    [DataRow("{}", HttpStatusCode.BadRequest, "no \"text\"")]
    public async Task A_body_that_is_wrong_is_refused(string body, HttpStatusCode status, string why)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await s_cluster.Http.PostAsync("/predict", content);
        Assert.AreEqual(status, response.StatusCode);
        Assert.Contains(why, (await response.Content.ReadFromJsonAsync<ProblemText>())!.Detail);
    }

    [TestMethod]
    public async Task A_task_that_no_silo_serves_is_501()
    {
        using var content = new ByteArrayContent([1, 2, 3]);
        content.Headers.ContentType = new("image/png");
        using var response = await s_cluster.Http.PostAsync("/image", content);
        Assert.AreEqual(HttpStatusCode.NotImplemented, response.StatusCode);
        var error = await Assert.ThrowsExactlyAsync<ModelSwapException>(() => Rollout.SwapAsync(ImageTask.TaskName, "1"));
        Assert.Contains("'image'", error.Message);
    }

    [TestMethod]
    public async Task Health_metrics_and_models_are_told()
    {
        await Load(texts: 1).SendAsync(4);
        Assert.AreEqual("Healthy", await s_cluster.Http.GetStringAsync("/health"));
        Assert.Contains("cluster_answers_total", await s_cluster.Http.GetStringAsync("/metrics"));
        Assert.Contains("POST /predict", await s_cluster.Http.GetStringAsync("/"));
        var reports = await s_cluster.Http.GetFromJsonAsync<SiloReport[]>("/models");
        Assert.AreEqual(2, reports!.Select(r => r.Silo).Distinct().Count());
        using var silo = new HttpClient { BaseAddress = s_cluster.Second.Address };
        Assert.AreEqual("Healthy", await silo.GetStringAsync("/health"));
        Assert.Contains("perceiver_requests", await silo.GetStringAsync("/metrics"));
    }

    private sealed record ProblemText(string Detail);
}
