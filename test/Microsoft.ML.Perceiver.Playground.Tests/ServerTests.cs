using System.Net;
using Playground;

namespace Microsoft.ML.Perceiver.Playground.Tests;

[TestClass]
public sealed class ServerTests
{
    private static TinyShelf s_shelf = null!;
    private static Server s_server = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        s_shelf = new TinyShelf().With("perceiver-mini-clothing");
        Directory.CreateDirectory(s_shelf["perceiver-mini-video"]);
        s_server = await Server.StartAsync(new PlaygroundOptions { Models = s_shelf.Path, MaxUploadMegabytes = 20 });
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        await s_server.DisposeAsync();
        s_shelf.Dispose();
    }

    [TestMethod]
    public async Task Heads_say_which_models_are_there()
    {
        var answer = await Server.JsonOfAsync(s_server.Client.GetAsync("api/heads"));
        var heads = answer.EnumerateArray().ToDictionary(h => h.GetProperty("name").GetString()!);
        CollectionAssert.AreEqual(new[] { "fill-mask", "image", "flow", "video", "text", "alike" }, heads.Keys.ToArray());
        Assert.IsNull(heads["image"].GetProperty("missing").GetString());
        Assert.Contains("cat, dog, ü", heads["image"].GetProperty("about").GetString()!);
        // The bundled one.
        Assert.AreEqual(254, heads["fill-mask"].GetProperty("details").GetProperty("maxBytes").GetInt32());
        Assert.Contains("perceiver-mini-video cannot be read", heads["video"].GetProperty("missing").GetString()!);
        Assert.AreEqual("perceiver-mini-spam", heads["text"].GetProperty("model").GetString());
        await Server.AssertErrorAsync(503, "perceiver-mini-video cannot be read", s_server.PostAsync("video", ("frames", "a", [1])));
    }

    [TestMethod]
    public async Task An_upload_of_50_megabytes_gets_a_message_and_the_next_one_an_answer()
    {
        byte[] large = new byte[50_000_000];
        await Server.AssertErrorAsync(413, "larger than 20 MB", s_server.PostAsync("image", ("image", "large.png", large)));
        using var chunked = Server.Form(("image", "large.png", large));
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/image") { Content = chunked };
        request.Headers.TransferEncodingChunked = true;
        // Of unknown length, it is cut off at the limit, and the answer may be lost with the connection.
        try
        {
            await Server.AssertErrorAsync(413, "larger than 20 MB", s_server.Client.SendAsync(request));
        }
        catch (HttpRequestException e) when (e.StatusCode is null)
        {
        }

        await Server.JsonOfAsync(s_server.PostAsync("image", ("image", "waves.png", TinyImages.Png(16, 16))));
    }

    [TestMethod]
    [DataRow("--a\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\nab", "multipart/form-data; boundary=a")]
    [DataRow("--a\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\nb\r\n--a--\r\n", "multipart/form-data; boundary=b")]
    [DataRow("--a\r\n\r\nb\r\n--a--\r\n", "multipart/form-data")]
    public async Task A_damaged_form_is_said_to_be_so(string body, string type)
    {
        foreach (string head in new[] { "image", "flow" })
        {
            using var content = new StringContent(body);
            content.Headers.Remove("Content-Type");
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            await Server.AssertErrorAsync(400, "The form is damaged", s_server.Client.PostAsync($"api/{head}", content));
        }
    }

    [TestMethod]
    public async Task A_form_of_another_type_is_refused()
    {
        using var plain = new StringContent("hello");
        await Server.AssertErrorAsync(415, "multipart/form-data", s_server.Client.PostAsync("api/image", plain));
    }

    [TestMethod]
    public async Task It_listens_on_this_machine_alone_and_answers_its_own_page_alone()
    {
        Assert.AreEqual(IPAddress.Loopback.ToString(), s_server.Address.Host);
        await AssertForbiddenAsync(request => request.Headers.Add("Origin", "https://example.com"));
        await AssertForbiddenAsync(request => request.Headers.Add("Origin", "null"));
        await AssertForbiddenAsync(request => request.Headers.Host = "example.com");
        using var own = new HttpRequestMessage(HttpMethod.Get, "api/heads");
        own.Headers.Add("Origin", s_server.Address.GetLeftPart(UriPartial.Authority));
        await Server.JsonOfAsync(s_server.Client.SendAsync(own));
    }

    [TestMethod]
    public async Task The_page_comes_from_the_program_and_names_no_other_place()
    {
        string[] files = typeof(PlaygroundApp).Assembly.GetManifestResourceNames();
        CollectionAssert.IsSubsetOf(new[] { "app.js", "image.js", "results.css" }, files);
        foreach (string path in files.Select(f => f == "index.html" ? "" : f).Where(f => f != "icon.svg"))
        {
            using var response = await s_server.Client.GetAsync(path);
            Assert.AreEqual(HttpStatusCode.OK, response.StatusCode, path);
            Assert.Contains("default-src 'none'; script-src 'self'", response.Headers.GetValues("Content-Security-Policy").Single());
            Assert.AreEqual("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            string text = await response.Content.ReadAsStringAsync();
            Assert.DoesNotContain("http:", text, path);
            Assert.DoesNotContain("https:", text, path);
        }

        string[] foreign =
        [
            "%2e%2e/Program.cs",
            "..%2fProgram.cs",
            "Playground.dll",
            "perceiver-models/perceiver-mini-language/config.json",
            "index.html/",
            "examples/video/audio.wav",
            "examples/image/",
            "examples/%2e%2e/Playground.dll",
            "cards/perceiver-mini-language/config.json",
        ];
        foreach (string path in foreign)
        {
            using var response = await s_server.Client.GetAsync(path);
            Assert.AreEqual(HttpStatusCode.NotFound, response.StatusCode, path);
        }
    }

    [TestMethod]
    public void Settings_out_of_range_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PlaygroundApp.Create(new PlaygroundOptions { Port = 65536 }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PlaygroundApp.Create(new PlaygroundOptions { MaxUploadMegabytes = 0 }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PlaygroundApp.Create(new PlaygroundOptions { MaxMegapixels = 0 }));
        Assert.ThrowsExactly<ArgumentException>(() => PlaygroundApp.Create(new PlaygroundOptions { Models = s_shelf["nowhere"] }));
        Assert.ThrowsExactly<ArgumentException>(() => PlaygroundApp.Create(new PlaygroundOptions { TextRunner = s_shelf["nothing"] }));
    }

    private static async Task AssertForbiddenAsync(Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/heads");
        change(request);
        await Server.AssertErrorAsync(403, "on this machine only", s_server.Client.SendAsync(request));
    }
}
