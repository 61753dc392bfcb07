using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Perceiver.Models;
using Microsoft.Playwright;
using Playground;

namespace Microsoft.ML.Perceiver.Playground.Tests;

/// <summary>
/// Every head as a person uses it, in a headless Chromium, with a screenshot of each. PERCEIVER_PLAYGROUND_MODELS names a folder of models
/// to show; tiny random ones stand in for those that are nowhere. PERCEIVER_SCREENSHOTS names a folder for the screenshots.
/// </summary>
[TestClass]
[TestCategory("LongRunning")]
[TestCategory("Browser")]
public sealed class BrowserTests
{
    private static TinyShelf s_shelf = null!;
    private static Server s_server = null!;
    private Browser _browser = null!;

    public TestContext TestContext { get; set; } = null!;

    private IPage Page => _browser.Page;

    [ClassInitialize]
    public static async Task StartServerAsync(TestContext context)
    {
        s_shelf = new TinyShelf();
        string? shown = Environment.GetEnvironmentVariable("PERCEIVER_PLAYGROUND_MODELS");
        foreach (string name in new[] { BundledModels.MiniClothing, BundledModels.MiniFlow, TinyShelf.MiniVideo })
        {
            if (shown is not null && Directory.Exists(Path.Combine(shown, name)))
                Directory.CreateSymbolicLink(s_shelf[name], Path.Combine(Path.GetFullPath(shown), name));
            else
                s_shelf.With(name);
        }

        var ml = new MLContext();
        var rows = ml.Data.LoadFromEnumerable([new Row { Text = "hello" }]);
        string[] architectures = [nameof(PerceiverForSequenceClassification)];
        var config = TinyShelf.Language.WithLabels(["ham", "spam"]) with { Architectures = architectures };
        var checkpoint = PerceiverCheckpoint.FromConfig(config, 5);
        using var model = ml.Transforms.PerceiverTextClassification(checkpoint).Fit(rows);
        ml.Model.Save(model, rows.Schema, s_shelf["text.mlnet"]);
        s_server = await Server.StartAsync(new PlaygroundOptions { Models = s_shelf.Path, TextRunner = s_shelf["text.mlnet"] });
    }

    [ClassCleanup]
    public static async Task StopServerAsync()
    {
        await s_server.DisposeAsync();
        s_shelf.Dispose();
    }

    [TestInitialize]
    public async Task OpenAsync()
    {
        _browser = await Browser.StartAsync();
        await _browser.OpenAsync(s_server);
    }

    [TestCleanup]
    public Task CloseAsync() => _browser?.CloseAsync() ?? Task.CompletedTask;

    [TestMethod]
    public async Task Fill_mask_ranks_fillings()
    {
        await Page.FillAsync("#masked", "It was a dark and stormy n____.");
        await Page.ClickAsync("#fill-mask button[type=submit]");
        await Assertions.Expect(Page.Locator("#fill-mask li:visible")).ToHaveCountAsync(3);
        await Page.ClickAsync("#fill-mask .more");
        await Assertions.Expect(Page.Locator("#fill-mask li:visible")).ToHaveCountAsync(20);
        var filled = new Regex(@"^It was a dark and stormy n....\.\d+\.\d %$");
        await Assertions.Expect(Page.Locator("#fill-mask li").First).ToHaveTextAsync(filled);
        Assert.AreEqual(4, (await Page.Locator("#fill-mask li mark").First.TextContentAsync())!.Length);
        await ShowAsync("fill-mask");
        await Page.FillAsync("#masked", "Nothing is hidden here.");
        await Page.ClickAsync("#fill-mask button[type=submit]");
        await Assertions.Expect(Page.Locator("#fill-mask .error")).ToContainTextAsync("There is no mask in the text");
    }

    [TestMethod]
    public async Task An_image_gets_bars_and_what_is_none_a_message()
    {
        await ChooseAsync("image");
        string hats = Sample("ImageClassification", "Data", "clothing-64", "test", "hat");
        string hat = Directory.GetFiles(hats).Order(StringComparer.Ordinal).First();
        await Page.SetInputFilesAsync("input[name=image]", hat);
        await Assertions.Expect(Page.Locator("#image .bar").First).ToBeVisibleAsync();
        await ShowAsync("image");
        await using var dropped = await Page.EvaluateHandleAsync(
            """
            base64 => {
              const data = new DataTransfer();
              data.items.add(new File([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], 'dropped.png'));
              return data;
            }
            """,
            Convert.ToBase64String(TinyImages.Png(80, 60)));
        await Page.DispatchEventAsync("#image .drop", "drop", new { dataTransfer = dropped });
        await Assertions.Expect(Page.Locator("#image .name")).ToHaveTextAsync("dropped.png");
        await Assertions.Expect(Page.Locator("#image .bar").First).ToBeVisibleAsync();
        byte[] diary = Encoding.UTF8.GetBytes("Dear diary");
        var notes = new FilePayload { Name = "notes.png", MimeType = "image/png", Buffer = diary };
        await Page.SetInputFilesAsync("input[name=image]", notes);
        await Assertions.Expect(Page.Locator("#image .error")).ToContainTextAsync("'notes.png' is no image");
        await ShowAsync("image-none");
        string large = s_shelf["large.png"];
        await File.WriteAllBytesAsync(large, new byte[50_000_000]);
        await Page.SetInputFilesAsync("input[name=image]", large);
        await Assertions.Expect(Page.Locator("#image .error")).ToContainTextAsync("larger than 20 MB");
        Assert.AreEqual(0, await Page.Locator("#image .bar:visible").CountAsync());
    }

    [TestMethod]
    public async Task Two_frames_become_an_image_of_their_motion()
    {
        await ChooseAsync("flow");
        await Page.ClickAsync("#flow button[type=submit]");
        await Assertions.Expect(Page.Locator("#flow .error")).ToContainTextAsync("Two frames are needed");
        await Page.SelectOptionAsync("#side", "160");
        await Page.SetInputFilesAsync("input[name=first]", Sample("OpticalFlow", "Data", "rubberwhale", "frame10.png"));
        await Page.SetInputFilesAsync("input[name=second]", Sample("OpticalFlow", "Data", "rubberwhale", "frame11.png"));
        await Page.ClickAsync("#flow button[type=submit]");
        await Assertions.Expect(Page.Locator("#flow .status")).ToContainTextAsync("Found in", new() { Timeout = 300_000 });
        await Assertions.Expect(Page.Locator("#flow .numbers")).ToContainTextAsync("160 x 106 pixels");
        await Assertions.Expect(Page.Locator("#flow .code code")).ToContainTextAsync("ResizeImages(\"FirstImage\", 160, 106");
        int width = await Page.EvalOnSelectorAsync<int>("#flow .image", "image => image.decode().then(() => image.naturalWidth)");
        Assert.AreEqual(160, width);
        await ShowAsync("flow");
    }

    [TestMethod]
    public async Task A_clip_is_reconstructed_and_played()
    {
        await ChooseAsync("video");
        var broken = new FilePayload { Name = "broken.mp4", MimeType = "video/mp4", Buffer = Encoding.UTF8.GetBytes("no video") };
        await Page.SetInputFilesAsync("input[name=video]", broken);
        await Page.ClickAsync("#video button[type=submit]");
        await Assertions.Expect(Page.Locator("#video .error"))
            .ToContainTextAsync("'broken.mp4' is no video that this browser can play, or it is damaged.");
        await ShowAsync("video-broken");
        byte[] recorded = await _browser.RecordClipAsync();
        var clip = new FilePayload { Name = "clip.webm", MimeType = "video/webm", Buffer = recorded };
        await Page.SetInputFilesAsync("input[name=video]", clip);
        await Page.ClickAsync("#video button[type=submit]");
        await Assertions.Expect(Page.Locator("#video .status")).ToContainTextAsync("frames of clip.webm", new() { Timeout = 300_000 });
        await Assertions.Expect(Page.Locator("#video .status")).Not.ToContainTextAsync("no audio");
        await Assertions.Expect(Page.Locator("#video .bar").First).ToBeVisibleAsync();
        await Page.ClickAsync("#video .play");
        await Assertions.Expect(Page.Locator("#video .play")).ToHaveTextAsync("Stop");
        const string Snapshot = "canvas => canvas.toDataURL()";
        Task<string> ContentOf(string canvas) => Page.EvalOnSelectorAsync<string>($"#video .{canvas}", Snapshot);
        string[] seen = [await ContentOf("original"), await ContentOf("reconstructed")];
        Assert.AreNotEqual(seen[0], seen[1]);
        await Page.WaitForFunctionAsync("before => document.querySelector('#video .original').toDataURL() !== before", seen[0]);
        await ShowAsync("video");
        await Page.ClickAsync("#video .play");
    }

    [TestMethod]
    public async Task A_text_gets_its_class()
    {
        await ChooseAsync("text");
        await Page.FillAsync("#classified", "You have won a prize, call now");
        await Page.ClickAsync("#text button[type=submit]");
        await Assertions.Expect(Page.Locator("#text .bar")).ToHaveCountAsync(2);
        await ShowAsync("text");
    }

    [TestMethod]
    public async Task Lines_of_ones_own_are_found_too()
    {
        await ChooseAsync("alike");
        await Page.FillAsync("#query", "The boat leaves at noon.");
        await Page.ClickAsync("#alike .own summary");
        await Page.FillAsync("#lines", "Something else\n\nThe boat leaves at noon.");
        await Page.ClickAsync("#alike button[type=submit]");
        await Assertions.Expect(Page.Locator("#alike .nearest li")).ToHaveCountAsync(5);
        foreach (string list in (string[])["nearest", "terms"])
        {
            var first = Page.Locator($"#alike .{list} li").First;
            await Assertions.Expect(first.Locator(".filled")).ToHaveTextAsync("The boat leaves at noon. yours");
            await Assertions.Expect(first.Locator(".number")).ToHaveTextAsync("1.000");
        }

        await Assertions.Expect(Page.Locator("#alike .status")).ToContainTextAsync("3,082 texts");
        await ShowAsync("alike");
    }

    [TestMethod]
    public async Task What_is_not_on_the_machine_is_said_in_words()
    {
        using var empty = new TinyShelf();
        Directory.CreateDirectory(empty[TinyShelf.MiniVideo]);
        await using var server = await Server.StartAsync(new PlaygroundOptions { Models = empty.Path });
        await _browser.OpenAsync(server);
        await ChooseAsync("video");
        await Assertions.Expect(Page.Locator("#video .missing")).ToContainTextAsync("The model perceiver-mini-video");
        await ShowAsync("video-missing");
    }

    [TestMethod]
    public async Task Tabs_are_used_by_keyboard_and_nothing_is_wider_than_a_narrow_screen()
    {
        await Page.SetViewportSizeAsync(390, 800);
        await Page.FocusAsync("#tab-fill-mask");
        foreach (string head in new[] { "image", "flow", "video", "text", "alike", "fill-mask" })
        {
            await Page.Keyboard.PressAsync("ArrowRight");
            await Assertions.Expect(Page.Locator($"#tab-{head}")).ToBeFocusedAsync();
            await Assertions.Expect(Page.Locator($"#{head}")).ToBeVisibleAsync();
            Assert.IsLessThanOrEqualTo(390, await Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"), head);
        }
    }

    private static string SampleFolder => typeof(BrowserTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "SampleFolder").Value!;

    private static string Sample(params string[] names) =>
        Path.Combine([SampleFolder, .. names]);

    private Task ChooseAsync(string head) => _browser.ChooseAsync(head);

    private Task ShowAsync(string name) => _browser.ShowAsync(name, TestContext);

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }
}
