using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.ML.Data;
using Playground;

namespace Microsoft.ML.Perceiver.Playground.Tests;

[TestClass]
public sealed class TextHeadTests
{
    private static TinyShelf s_shelf = null!;
    private static Server s_server = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        s_shelf = TinyShelf.OfAll();
        var ml = new MLContext();
        var rows = ml.Data.LoadFromEnumerable([new Row { Text = "hello" }]);
        string[] architectures = [nameof(PerceiverForSequenceClassification)];
        var config = TinyShelf.Language.WithLabels(["ham", "spam", "ü"]) with { Architectures = architectures };
        var checkpoint = PerceiverCheckpoint.FromConfig(config, 5);
        using var model = ml.Transforms.PerceiverTextClassification(checkpoint).Fit(rows);
        ml.Model.Save(model, rows.Schema, s_shelf["text.mlnet"]);
        s_server = await Server.StartAsync(new PlaygroundOptions { Models = s_shelf.Path, TextRunner = s_shelf["text.mlnet"] });
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        await s_server.DisposeAsync();
        s_shelf.Dispose();
    }

    [TestMethod]
    public async Task Fillings_are_those_of_the_stage_with_their_filled_pieces()
    {
        var answer = await Server.JsonOfAsync(s_server.PostAsync("fill-mask", new { text = "ü b_d w[MASK]", top = 4 }));
        var ml = new MLContext();
        var rows = ml.Data.LoadFromEnumerable([new Row { Text = "ü b[MASK]d w[MASK]" }]);
        using var stage = ml.Transforms.PerceiverFillMask(new PerceiverFillMaskOptions
        {
            Checkpoint = PerceiverCheckpoint.FromDirectory(s_shelf["perceiver-mini-language"]),
            TopK = 20,
            Decoding = PerceiverFillMaskDecoding.LeftToRight,
        }).Fit(rows);
        string[] expected = stage.Transform(rows).GetColumn<string[]>("Fillings").Single();
        var fillings = answer.GetProperty("fillings").EnumerateArray().ToArray();
        CollectionAssert.AreEqual(expected[..4], fillings.Select(f => f.GetProperty("text").GetString()).ToArray());
        double[] probabilities = [.. fillings.Select(f => f.GetProperty("probability").GetDouble())];
        CollectionAssert.AreEqual(probabilities.OrderDescending().ToArray(), probabilities);
        Assert.IsTrue(probabilities.All(p => p is > 0 and <= 1));
        var pieces = fillings[0].GetProperty("pieces").EnumerateArray().ToArray();
        Assert.AreEqual("ü b", pieces[0].GetProperty("text").GetString());
        CollectionAssert.AreEqual(new[] { false, true, false, true }, pieces.Select(p => p.GetProperty("filled").GetBoolean()).ToArray());
        Assert.AreEqual(expected[0], string.Concat(pieces.Select(p => p.GetProperty("text").GetString())));
    }

    [TestMethod]
    [DataRow("", "no text")]
    [DataRow("hello", "no mask")]
    [DataRow("12345678901234567890123456789012345678_", "39 bytes; the model reads 38")]
    public async Task A_text_that_cannot_be_filled_is_said_to_be_so(string text, string piece) =>
        await Server.AssertErrorAsync(400, piece, s_server.PostAsync("fill-mask", new { text }));

    [TestMethod]
    public async Task A_damaged_request_is_said_to_be_so()
    {
        using var broken = new StringContent("{\"text\": ");
        broken.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        await Server.AssertErrorAsync(400, "no JSON", s_server.Client.PostAsync("api/fill-mask", broken));
    }

    [TestMethod]
    [DataRow("fill-mask")]
    [DataRow("text")]
    [DataRow("alike")]
    public async Task What_is_no_JSON_by_its_type_is_refused(string head)
    {
        using var plain = new StringContent("{\"text\": \"hell_\"}", new MediaTypeHeaderValue("text/plain"));
        await Server.AssertErrorAsync(415, "application/json", s_server.Client.PostAsync($"api/{head}", plain));
        using var none = new ByteArrayContent([]);
        await Server.AssertErrorAsync(415, "application/json", s_server.Client.PostAsync($"api/{head}", none));
    }

    [TestMethod]
    public async Task A_text_that_is_given_up_blocks_nobody()
    {
        // The bundled model: two hundred masks take it a minute.
        await using var server = await Server.StartAsync(new PlaygroundOptions());
        await Server.JsonOfAsync(server.PostAsync("fill-mask", new { text = "hell_" }));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        var many = server.Client.PostAsJsonAsync("api/fill-mask", new { text = new string('_', 200) }, patience.Token);
        await Assert.ThrowsAsync<OperationCanceledException>(() => many);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Server.JsonOfAsync(server.PostAsync("fill-mask", new { text = "hell_" }));
        Assert.IsLessThan(TimeSpan.FromSeconds(20), clock.Elapsed);
    }

    [TestMethod]
    public async Task Labels_of_a_text_come_with_their_probabilities()
    {
        var answer = await Server.JsonOfAsync(s_server.PostAsync("text", new { text = "hello" }));
        var labels = answer.GetProperty("labels").EnumerateArray().ToArray();
        CollectionAssert.AreEquivalent(new[] { "ham", "spam", "ü" }, labels.Select(l => l.GetProperty("label").GetString()).ToArray());
        Assert.AreEqual(1, labels.Sum(l => l.GetProperty("probability").GetDouble()), 1e-5);
        await Server.AssertErrorAsync(400, "no text", s_server.PostAsync("text", new { text = " " }));
    }

    [TestMethod]
    public async Task A_file_that_is_no_model_is_said_to_be_none()
    {
        string file = s_shelf["no-model.mlnet"];
        await File.WriteAllTextAsync(file, "hello");
        await using var server = await Server.StartAsync(new PlaygroundOptions { Models = s_shelf.Path, TextRunner = file });
        await Server.AssertErrorAsync(503, "cannot be loaded", server.PostAsync("text", new { text = "hello" }));
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }
}
