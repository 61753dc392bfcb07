using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using WebApi;

namespace Microsoft.ML.Perceiver.EndToEndTests.WebApi;

/// <summary>samples/WebApi: POST /predict over HTTP.</summary>
[TestClass]
public sealed class PredictTests
{
    private static TinyServer s_server = null!;

    [ClassInitialize]
    public static async Task Start(TestContext context) => s_server = await TinyServer.StartAsync();

    [ClassCleanup]
    public static async Task Stop() => await s_server.DisposeAsync();

    [TestMethod]
    public async Task Answers_are_those_of_Transform()
    {
        var expected = ModelFile.Transform(s_server.Model, TinyServer.Texts);
        for (int i = 0; i < TinyServer.Texts.Length; i++)
        {
            using var response = await s_server.Http.PostAsJsonAsync("/predict", new { text = TinyServer.Texts[i] });
            Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
            var answer = (await response.Content.ReadFromJsonAsync<Answer>(TextBody.Json))!;
            Assert.IsTrue(
                expected[i].Equals(answer, LoadTest.Tolerance),
                $"{answer.PredictedLabel} {string.Join(", ", answer.Score)} for '{TinyServer.Texts[i]}'");
            Assert.AreEqual(1, answer.Score.Values.Sum(), 1e-5);
            CollectionAssert.AreEquivalent(new[] { "ham", "spam" }, answer.Score.Keys.ToArray());
        }
    }

    [TestMethod]
    public async Task Answers_carry_their_names()
    {
        using var response = await s_server.Http.PostAsJsonAsync("/predict", new { text = "hello" });
        var json = await response.Content.ReadFromJsonAsync<JsonElement>();
        string best = json.GetProperty("score").EnumerateObject().MaxBy(p => p.Value.GetSingle()).Name;
        Assert.AreEqual(best, json.GetProperty("predictedLabel").GetString());
    }

    [TestMethod]
    [DataRow("", "no JSON")]
    [DataRow("hello", "no JSON")]
    [DataRow("{\"text\": \"cut of", "no JSON")]
    [DataRow("[\"text\"]", "no object")]
    [DataRow("\"text\"", "no object")]
    [DataRow("null", "no object")]
    [DataRow("{}", "no \"text\"")]
    [DataRow("{\"Text2\": \"a\"}", "no \"text\"")]
    [DataRow("{\"text\": null}", "no string")]
    [DataRow("{\"text\": 7}", "no string")]
    [DataRow("{\"text\": \"\"}", "is empty")]
    [DataRow("{\"text\": \"\\ud800\"}", "no valid Unicode")]
    public async Task Bad_input_is_400_and_says_why(string body, string why)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await s_server.Http.PostAsync("/predict", content);
        Assert.AreEqual(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        StringAssert.Contains(problem.GetProperty("detail").GetString(), why, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Bytes_that_are_no_UTF8_are_400()
    {
        using var content = new ByteArrayContent([.. "{\"text\": \""u8, 0xC3, 0x28, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");
        using var response = await s_server.Http.PostAsync("/predict", content);
        Assert.AreEqual(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [TestMethod]
    public async Task A_body_that_is_too_large_is_413()
    {
        using var response = await s_server.Http.PostAsJsonAsync("/predict", new { text = new string('a', TextBody.LargestBody) });
        Assert.AreEqual(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [TestMethod]
    public async Task Other_addresses_and_methods_are_refused()
    {
        Assert.AreEqual(HttpStatusCode.MethodNotAllowed, (await s_server.Http.GetAsync("/predict")).StatusCode);
        Assert.AreEqual(HttpStatusCode.NotFound, (await s_server.Http.GetAsync("/other")).StatusCode);
        Assert.AreEqual(HttpStatusCode.OK, (await s_server.Http.GetAsync("/")).StatusCode);
    }

    [TestMethod]
    public void It_listens_on_this_machine_alone_by_default() => Assert.IsTrue(new Uri(Server.DefaultUrl).IsLoopback);
}
