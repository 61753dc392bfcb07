using System.Text.Json;
using Playground;

namespace Microsoft.ML.Perceiver.Playground.Tests;

/// <summary>What the page's examples give with the bundled models.</summary>
[TestClass]
public sealed class ExampleTests
{
    private static Server s_server = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context) => s_server = await Server.StartAsync(new PlaygroundOptions());

    [ClassCleanup]
    public static Task StopAsync() => s_server.DisposeAsync().AsTask();

    [TestMethod]
    public async Task Photographs_get_their_labels_and_the_hard_one_is_unsure()
    {
        foreach (var example in ImageExamples.All)
        {
            byte[] photograph = await s_server.Client.GetByteArrayAsync(example.Images.Single());
            var answer = await Server.JsonOfAsync(s_server.PostAsync("image", ("image", "photograph.jpg", photograph)));
            AssertLabel(example, answer);
            var attention = answer.GetProperty("attention");
            int side = attention.GetProperty("side").GetInt32();
            Assert.AreEqual(side * side, attention.GetProperty("shares").GetArrayLength());
            Assert.AreEqual(1, attention.GetProperty("shares").EnumerateArray().Sum(s => s.GetDouble()), 1e-4);
        }
    }

    [TestMethod]
    public async Task Messages_get_their_labels_and_the_hard_one_is_unsure()
    {
        foreach (var example in TextExamples.All)
        {
            var answer = await Server.JsonOfAsync(s_server.PostAsync("text", new { text = example.Text }));
            AssertLabel(example, answer);
            AssertLetters(example.Text!, answer.GetProperty("attention"));
        }
    }

    [TestMethod]
    public async Task Masks_are_filled_rightly_and_surely()
    {
        foreach (var example in FillMaskExamples.All)
        {
            var answer = await Server.JsonOfAsync(s_server.PostAsync("fill-mask", new { text = example.Text }));
            Assert.AreEqual(example.Truth, answer.GetProperty("fillings")[0].GetProperty("text").GetString());
            Assert.IsFalse(answer.GetProperty("unsure").GetBoolean(), example.Text);
            AssertLetters(example.Truth!, answer.GetProperty("attention"));
        }
    }

    [TestMethod]
    public async Task A_word_that_could_be_many_is_unsure()
    {
        const string Text = "He had never been so h____ in all his life.";
        var answer = await Server.JsonOfAsync(s_server.PostAsync("fill-mask", new { text = Text }));
        Assert.IsTrue(answer.GetProperty("unsure").GetBoolean());
    }

    [TestMethod]
    public async Task Clips_and_frames_are_there()
    {
        foreach (var example in VideoExamples.All)
        {
            byte[] audio = await s_server.Client.GetByteArrayAsync(example.Audio);
            Assert.HasCount(example.Images.Count * VideoExamples.SamplesPerFrame * sizeof(float), audio);
        }

        foreach (string address in FlowExamples.All.Concat(VideoExamples.All).SelectMany(example => example.Images))
        {
            using var response = await s_server.Client.GetAsync(address);
            Assert.IsTrue(response.IsSuccessStatusCode, address);
            Assert.StartsWith("image/", response.Content.Headers.ContentType!.MediaType!, address);
        }
    }

    [TestMethod]
    public async Task Every_head_has_a_card_that_is_shown_as_a_page_and_a_rule_for_what_is_unsure()
    {
        var heads = await Server.JsonOfAsync(s_server.Client.GetAsync("api/heads"));
        foreach (var head in heads.EnumerateArray())
        {
            string name = head.GetProperty("name").GetString()!;
            // A list of the nearest texts is neither right nor wrong.
            if (name != "alike")
                Assert.Contains("bundled model", head.GetProperty("doubt").GetProperty("rule").GetString()!, name);
            Assert.IsGreaterThanOrEqualTo(2, head.GetProperty("examples").GetArrayLength(), name);
            string card = await s_server.Client.GetStringAsync(head.GetProperty("card").GetString());
            Assert.Contains($"<h1>{head.GetProperty("model").GetString()}</h1>", card);
            Assert.Contains("<h2>Limits</h2>", card);
            Assert.Contains("<td>parameters</td>", card);
            Assert.DoesNotContain("| ---", card);
        }
    }

    private static void AssertLabel(Example example, JsonElement answer)
    {
        var best = answer.GetProperty("labels")[0];
        string label = best.GetProperty("label").GetString()!;
        Assert.AreEqual(example.Unsure, answer.GetProperty("unsure").GetBoolean(), $"{example.Name}: {best}");
        if (!example.Unsure)
            Assert.AreEqual(example.Truth, label, example.Name);
    }

    private static void AssertLetters(string text, JsonElement attention)
    {
        Assert.AreEqual(text, string.Concat(attention.EnumerateArray().Select(a => a.GetProperty("text").GetString())));
        double[] shares = [.. attention.EnumerateArray().Select(a => a.GetProperty("share").GetDouble())];
        // The two marks round the text have the rest.
        Assert.IsLessThanOrEqualTo(1.0001, shares.Sum());
        Assert.IsGreaterThan(2 * shares.Min(), shares.Max());
    }
}
