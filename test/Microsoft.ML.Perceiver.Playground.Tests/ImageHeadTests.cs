using System.Text;
using System.Text.Json;
using Microsoft.ML.Data;
using Playground;
using SkiaSharp;

namespace Microsoft.ML.Perceiver.Playground.Tests;

[TestClass]
public sealed class ImageHeadTests
{
    private static TinyShelf s_shelf = null!;
    private static Server s_server = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        s_shelf = TinyShelf.OfAll();
        s_server = await Server.StartAsync(new PlaygroundOptions { Models = s_shelf.Path, MaxMegapixels = 4 });
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        await s_server.DisposeAsync();
        s_shelf.Dispose();
    }

    [TestMethod]
    public async Task Classes_of_an_image_are_those_of_the_bare_model()
    {
        var answer = await Server.JsonOfAsync(s_server.PostAsync("image", ("image", "waves.png", TinyImages.Png(16, 16))));
        using var model = new PerceiverForImageClassificationConvProcessing(TinyShelf.Image, seed: 3);
        var image = new PerceiverImage(16, 16, 4, TinyImages.Pixels(16, 16)) { BlueFirst = true };
        var processor = new PerceiverImageProcessor(new PerceiverImageProcessorOptions { Size = new(16), CropSize = new(16) });
        using var logits = model.forward(processor.Process(image)).Logits;
        float[] expected = logits.softmax(-1).data<float>().ToArray();
        var labels = answer.GetProperty("labels").EnumerateArray().ToArray();
        foreach (var (name, score) in new[] { "cat", "dog", "ü" }.Zip(expected))
        {
            var label = labels.Single(l => l.GetProperty("label").GetString() == name);
            Assert.AreEqual(score, label.GetProperty("probability").GetSingle(), 0.02f);
        }
        Assert.AreEqual(expected.Max(), labels[0].GetProperty("probability").GetSingle(), 0.02f);
    }

    [TestMethod]
    public async Task Jpeg_is_read_too()
    {
        var answer = await Server.JsonOfAsync(s_server.PostAsync("image", ("image", "waves.jpg", TinyImages.Jpeg(40, 30))));
        Assert.AreEqual(3, answer.GetProperty("labels").GetArrayLength());
    }

    [TestMethod]
    public async Task What_is_no_image_is_said_to_be_none()
    {
        byte[] diary = Encoding.UTF8.GetBytes("Dear diary");
        byte[] half = TinyImages.Png(64, 64)[..500];
        byte[] large = TinyImages.Png(2500, 1700);
        Task<HttpResponseMessage> PostAsync(string name, byte[] content) => s_server.PostAsync("image", ("image", name, content));
        await Server.AssertErrorAsync(400, "'notes.png' is no image", PostAsync("notes.png", diary));
        await Server.AssertErrorAsync(400, "its end is missing", PostAsync("half.png", half));
        await Server.AssertErrorAsync(400, "'large.png' has 2500 x 1700 pixels; 4 megapixels", PostAsync("large.png", large));
        var elsewhere = s_server.PostAsync("image", ("other", "waves.png", TinyImages.Png(16, 16)));
        await Server.AssertErrorAsync(400, "no file in the field 'image'", elsewhere);
        await Server.AssertErrorAsync(415, "form", s_server.PostAsync("image", new { image = "/etc/passwd" }));
    }

    [TestMethod]
    public async Task Images_that_are_decoded_wait_for_their_turn()
    {
        // Uploads.Image refuses a request without the turn, and UploadsTests show that one at a time has it.
        byte[] plain = TinyImages.Png(2000, 2000);
        var all = Enumerable.Range(0, 16).Select(i => s_server.PostAsync("image", ("image", $"{i}.png", plain))).ToArray();
        foreach (var answer in all)
            Assert.AreEqual(3, (await Server.JsonOfAsync(answer)).GetProperty("labels").GetArrayLength());
    }

    [TestMethod]
    public async Task Flow_streams_how_far_it_is_and_ends_with_the_predictors_flow()
    {
        byte[] first = TinyImages.Png(60, 40), second = TinyImages.Png(60, 40, shift: 2);
        var lines = await Server.LinesOfAsync(s_server.PostAsync("flow", ("first", "a.png", first), ("second", "b.png", second)));
        double[] shares =
        [
            .. lines
                .Where(l => l.TryGetProperty("share", out var share) && share.ValueKind == JsonValueKind.Number)
                .Select(l => l.GetProperty("share").GetDouble()),
        ];
        CollectionAssert.AreEqual(shares.Order().ToArray(), shares);
        Assert.AreEqual(1, shares[^1]);
        var result = lines[^1].GetProperty("result");
        using var model = new PerceiverForOpticalFlow(TinyShelf.Flow, seed: 3);
        PerceiverImage Image(int shift) => new(40, 60, 4, TinyImages.Pixels(60, 40, shift)) { BlueFirst = true };
        var expected = new PerceiverOpticalFlowPredictor(model).Predict(Image(0), Image(2));
        Assert.AreEqual(PerceiverFlowColors.Longest(expected), result.GetProperty("longest").GetDouble(), 1e-3);
        var painted = PerceiverFlowColors.Paint(expected).Pixels.Span;
        using var shown = SKBitmap.Decode(result.GetProperty("image").GetBytesFromBase64());
        Assert.AreEqual((60, 40), (shown.Width, shown.Height));
        for (int i = 0; i < 60 * 40; i++)
            Assert.AreEqual(painted[3 * i], shown.GetPixel(i % 60, i / 60).Red, 2f);
        using var wheel = SKBitmap.Decode(result.GetProperty("wheel").GetBytesFromBase64());
        Assert.AreEqual(SKColors.White, wheel.GetPixel(0, 0));
        Assert.AreNotEqual(wheel.GetPixel(wheel.Width - 1, wheel.Height / 2), wheel.GetPixel(0, wheel.Height / 2));
    }

    [TestMethod]
    public async Task Frames_are_shrunk_where_it_is_asked_for()
    {
        byte[] first = TinyImages.Png(200, 100), second = TinyImages.Png(200, 100, shift: 2);
        using var form = Server.Form(("first", "a.png", first), ("second", "b.png", second));
        form.Add(new StringContent("50"), "side");
        var result = (await Server.LinesOfAsync(s_server.Client.PostAsync("api/flow", form)))[^1].GetProperty("result");
        Assert.AreEqual((50, 25), (result.GetProperty("width").GetInt32(), result.GetProperty("height").GetInt32()));
        Assert.AreEqual(0.25, result.GetProperty("shrunk").GetDouble());
    }

    [TestMethod]
    public async Task Frames_that_do_not_fit_are_said_not_to()
    {
        byte[] first = TinyImages.Png(60, 40), wider = TinyImages.Png(61, 40);
        var unequal = s_server.PostAsync("flow", ("first", "a.png", first), ("second", "b.png", wider));
        await Server.AssertErrorAsync(400, "must have the same size", unequal);
        await Server.AssertErrorAsync(400, "field 'second'", s_server.PostAsync("flow", ("first", "a.png", first)));
        using var form = Server.Form(("first", "a.png", TinyImages.Png(60, 40)), ("second", "b.png", TinyImages.Png(60, 40)));
        form.Add(new StringContent("many"), "side");
        await Server.AssertErrorAsync(400, "longer side", s_server.Client.PostAsync("api/flow", form));
    }

    [TestMethod]
    public async Task A_flow_that_nobody_waits_for_any_more_ends()
    {
        // Some ten thousand tiles, minutes of work.
        using var form = Server.Form(("first", "a.png", TinyImages.Png(1200, 900)), ("second", "b.png", TinyImages.Png(1200, 900)));
        using (var request = new HttpRequestMessage(HttpMethod.Post, "api/flow") { Content = form })
        using (var response = await s_server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        using (var lines = new StreamReader(await response.Content.ReadAsStreamAsync()))
        {
            while ((await lines.ReadLineAsync())?.Contains("\"share\":0.0", StringComparison.Ordinal) == false)
            {
            }
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var waves = Server.Form(("image", "waves.png", TinyImages.Png(16, 16)));
        using var next = await s_server.Client.PostAsync("api/image", waves, patience.Token);
        Assert.IsTrue(next.IsSuccessStatusCode);
    }
}
