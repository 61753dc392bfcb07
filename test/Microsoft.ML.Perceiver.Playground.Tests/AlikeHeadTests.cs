using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Models;
using Playground;

namespace Microsoft.ML.Perceiver.Playground.Tests;

/// <summary>Texts of like meaning, with a tiny model of random weights.</summary>
[TestClass]
public sealed class AlikeHeadTests
{
    private static TinyShelf s_shelf = null!;
    private static Server s_server = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        s_shelf = new TinyShelf().With(BundledModels.MiniSentence);
        s_server = await Server.StartAsync(new PlaygroundOptions { Models = s_shelf.Path });
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        await s_server.DisposeAsync();
        s_shelf.Dispose();
    }

    [TestMethod]
    public async Task The_nearest_are_those_of_the_stages_vectors()
    {
        const string Query = "where is my card";
        var lines = await Server.LinesOfAsync(s_server.PostAsync("alike", new { text = Query }));
        var result = lines[^1].GetProperty("result");
        var found = result.GetProperty("nearest").EnumerateArray().ToArray();
        Assert.HasCount(5, found);
        Assert.AreEqual(BankQueries.Count, result.GetProperty("texts").GetInt32());

        var ml = new MLContext();
        string[] texts = BankQueries.Read(ml);
        Assert.HasCount(BankQueries.Count, texts);
        var rows = ml.Data.LoadFromEnumerable(texts.Append(Query).Select(text => new { Text = text }));
        using var stage = ml.Transforms.PerceiverSentenceEmbedding(
            PerceiverCheckpoint.FromDirectory(s_shelf[BundledModels.MiniSentence])).Fit(rows);
        float[][] vectors = [.. stage.Transform(rows).GetColumn<float[]>("Embedding")];
        double[] best = [.. vectors[..^1].Select(v => (double)v.Zip(vectors[^1], (a, b) => a * b).Sum()).OrderDescending().Take(5)];
        for (int i = 0; i < best.Length; i++)
            Assert.AreEqual(best[i], found[i].GetProperty("score").GetDouble(), 1e-5);
        Assert.IsTrue(found.All(f => texts.Contains(f.GetProperty("text").GetString()) && !f.GetProperty("own").GetBoolean()));
    }

    [TestMethod]
    public async Task Lines_of_the_users_are_searched_and_forgotten()
    {
        const string Own = "The boat leaves at noon.";
        var with = await FindAsync(new { text = Own, lines = $"first\r\n\n  {Own} \n" });
        foreach (string method in (string[])["nearest", "terms"])
        {
            var best = with.GetProperty(method)[0];
            Assert.AreEqual(Own, best.GetProperty("text").GetString());
            Assert.IsTrue(best.GetProperty("own").GetBoolean());
            Assert.AreEqual(1, best.GetProperty("score").GetDouble(), 1e-5);
        }

        Assert.AreEqual(BankQueries.Count + 2, with.GetProperty("texts").GetInt32());
        var without = await FindAsync(new { text = Own });
        Assert.IsFalse(without.GetProperty("nearest").EnumerateArray().Any(f => f.GetProperty("own").GetBoolean()));
        var nothing = await FindAsync(new { text = "#" });
        Assert.AreEqual(0, nothing.GetProperty("terms").GetArrayLength());
    }

    [TestMethod]
    public async Task What_cannot_be_searched_is_said_to_be_so()
    {
        await Server.AssertErrorAsync(400, "no text", s_server.PostAsync("alike", new { text = " ", lines = "a" }));
        await Server.AssertErrorAsync(400, "2001 characters; 2000", s_server.PostAsync("alike", new { text = new string('a', 2001) }));
        string many = string.Join('\n', Enumerable.Repeat("a", 201));
        await Server.AssertErrorAsync(400, "201 lines; 200", s_server.PostAsync("alike", new { text = "a", lines = many }));
    }

    [TestMethod]
    public async Task The_first_search_says_how_far_it_is_and_the_next_one_does_not_read_again()
    {
        await using var server = await Server.StartAsync(new PlaygroundOptions { Models = s_shelf.Path });
        var first = await Server.LinesOfAsync(server.PostAsync("alike", new { text = "a" }));
        double[] shares = [.. Shares(first)];
        Assert.IsGreaterThan(10, shares.Length);
        CollectionAssert.AreEqual(shares.Order().ToArray(), shares);
        Assert.IsEmpty(Shares(await Server.LinesOfAsync(server.PostAsync("alike", new { text = "b" }))));
    }

    private static IEnumerable<double> Shares(IEnumerable<JsonElement> lines) => lines
        .Where(line => line.TryGetProperty("share", out var share) && share.ValueKind == JsonValueKind.Number)
        .Select(line => line.GetProperty("share").GetDouble());

    private static async Task<JsonElement> FindAsync(object question) =>
        (await Server.LinesOfAsync(s_server.PostAsync("alike", question)))[^1].GetProperty("result");
}
