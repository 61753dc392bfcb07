using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Playground;

namespace Microsoft.ML.Perceiver.Playground.Tests;

/// <summary>Every example of the page, clicked in a headless Chromium with the bundled models.</summary>
[TestClass]
[TestCategory("LongRunning")]
[TestCategory("Browser")]
public sealed class ExampleBrowserTests
{
    private static readonly LocatorAssertionsToBeVisibleOptions Patiently = new() { Timeout = 300_000 };
    private static Server s_server = null!;
    private Browser _browser = null!;

    public TestContext TestContext { get; set; } = null!;

    private IPage Page => _browser.Page;

    [ClassInitialize]
    public static async Task StartServerAsync(TestContext context) => s_server = await Server.StartAsync(new PlaygroundOptions());

    [ClassCleanup]
    public static Task StopServerAsync() => s_server.DisposeAsync().AsTask();

    [TestInitialize]
    public async Task OpenAsync()
    {
        _browser = await Browser.StartAsync();
        await _browser.OpenAsync(s_server);
    }

    [TestCleanup]
    public Task CloseAsync() => _browser?.CloseAsync() ?? Task.CompletedTask;

    [TestMethod]
    public async Task Photographs_are_classified_and_attention_lies_over_them()
    {
        await ChooseAsync("image", ImageExamples.All);
        for (int i = 0; i < ImageExamples.All.Count; i++)
        {
            var example = ImageExamples.All[i];
            await ClickAsync("image", i);
            await AssertVerdictAsync("image", example);
            await Assertions.Expect(Page.Locator("#image .bar:visible")).ToHaveCountAsync(3);
            await Assertions.Expect(Page.Locator("#image .code code")).ToContainTextAsync(example.Images[0].Split('/')[^1]);
            Assert.AreEqual(15, await Page.EvalOnSelectorAsync<int>("#image .attention", "canvas => canvas.width"));
        }

        await Page.ClickAsync("#image .more");
        await Assertions.Expect(Page.Locator("#image .bar:visible")).ToHaveCountAsync(10);
        await Page.UncheckAsync("#image .looks input");
        await Assertions.Expect(Page.Locator("#image .attention")).ToBeHiddenAsync();
    }

    [TestMethod]
    public async Task Texts_are_filled()
    {
        await ChooseAsync("fill-mask", FillMaskExamples.All);
        for (int i = 0; i < FillMaskExamples.All.Count; i++)
        {
            var example = FillMaskExamples.All[i];
            await ClickAsync("fill-mask", i);
            await AssertVerdictAsync("fill-mask", example);
            await Assertions.Expect(Page.Locator("#fill-mask li:visible")).ToHaveCountAsync(3);
            await Assertions.Expect(Page.Locator("#fill-mask .shaded")).ToHaveTextAsync(example.Truth!);
        }
    }

    [TestMethod]
    public async Task Messages_are_classified()
    {
        await ChooseAsync("text", TextExamples.All);
        for (int i = 0; i < TextExamples.All.Count; i++)
        {
            var example = TextExamples.All[i];
            await ClickAsync("text", i);
            await AssertVerdictAsync("text", example);
            await Assertions.Expect(Page.Locator("#text .bar:visible")).ToHaveCountAsync(2);
            await Assertions.Expect(Page.Locator("#text .shaded")).ToHaveTextAsync(example.Text!);
        }
    }

    [TestMethod]
    public async Task Queries_get_the_nearest_ones_by_meaning_and_by_words()
    {
        await ChooseAsync("alike", AlikeExamples.All);
        for (int i = 0; i < AlikeExamples.All.Count; i++)
        {
            await ClickAsync("alike", i);
            await Assertions.Expect(Page.Locator("#alike .example[aria-pressed=true]")).ToHaveTextAsync(AlikeExamples.All[i].Name);
            await Assertions.Expect(Page.Locator("#alike .result")).ToBeVisibleAsync(Patiently);
            await Assertions.Expect(Page.Locator("#alike .nearest li")).ToHaveCountAsync(5);
            await Assertions.Expect(Page.Locator("#alike .terms li")).ToHaveCountAsync(5);
            await Assertions.Expect(Page.Locator("#alike .code code")).ToContainTextAsync(AlikeExamples.All[i].Text!);
        }
    }

    [TestMethod]
    public async Task Frames_flip_in_place_and_their_motion_is_painted()
    {
        // The mean true motion of the pair, and of the stereo pair the least of its motions, in pixels of frames of 320 pixels.
        (double Least, double Most)[] means = [(0.5, 0.9), (3, 30)];
        await ChooseAsync("flow", FlowExamples.All);
        for (int i = 0; i < FlowExamples.All.Count; i++)
        {
            await ClickAsync("flow", i);
            await Assertions.Expect(Page.Locator("#flow .flip")).ToBeVisibleAsync();
            await Assertions.Expect(Page.Locator("#flow .shown")).ToHaveTextAsync("Frame 2 of 2");
            await Assertions.Expect(Page.Locator("#flow .shown")).ToHaveTextAsync("Frame 1 of 2");
            await Assertions.Expect(Page.Locator("#flow .image")).ToBeVisibleAsync(Patiently);
            string verdict = (await Page.Locator("#flow .best").TextContentAsync())!;
            double mean = double.Parse(Regex.Match(verdict, @"mean (\d+\.\d+)").Groups[1].Value, CultureInfo.InvariantCulture);
            Assert.IsTrue(mean >= means[i].Least && mean <= means[i].Most, verdict);
            await Page.ClickAsync("#flow .toggle");
            await Assertions.Expect(Page.Locator("#flow .toggle")).ToHaveTextAsync("Flip");
            await _browser.ShowAsync($"example-flow-{i}", TestContext);
        }

        string[] sides = [.. await Page.Locator("#flow .compass span").AllTextContentsAsync()];
        CollectionAssert.AreEqual(new[] { "up", "left", "right", "down" }, sides);
    }

    [TestMethod]
    public async Task Clips_are_reconstructed()
    {
        await ChooseAsync("video", VideoExamples.All);
        for (int i = 0; i < VideoExamples.All.Count; i++)
        {
            await ClickAsync("video", i);
            await Assertions.Expect(Page.Locator("#video .status")).ToContainTextAsync("16 frames of", new() { Timeout = 300_000 });
            await AssertVerdictAsync("video", VideoExamples.All[i]);
            double error = await Page.EvaluateAsync<double>(
                """
                () => {
                  const [a, b] = ['original', 'reconstructed'].map(name => document.querySelector('#video .' + name))
                    .map(canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data);
                  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / (0.75 * a.length));
                }
                """);
            // 17 dB; the mean colour of each frame comes to 13 dB.
            Assert.IsLessThan(36, error, VideoExamples.All[i].Name);
            Assert.IsGreaterThan(1, error);
        }

        await Page.ClickAsync("#video .play");
        await Assertions.Expect(Page.Locator("#video .play")).ToHaveTextAsync("Stop");
        await Page.ClickAsync("#video .play");
    }

    [TestMethod]
    public async Task Code_is_copied_and_a_card_opens()
    {
        await Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await ClickAsync("fill-mask", 0);
        await Page.ClickAsync("#fill-mask .code summary");
        await Page.ClickAsync("#fill-mask .copy");
        await Assertions.Expect(Page.Locator("#fill-mask .copy")).ToHaveTextAsync("Copied");
        string copied = await Page.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        Assert.StartsWith("using Microsoft.ML;", copied);
        Assert.Contains("It was a dark and st[MASK]rmy ni[MASK][MASK]t.", copied);
        var card = await Page.RunAndWaitForPopupAsync(() => Page.ClickAsync("#fill-mask .card-link"));
        await Assertions.Expect(card.Locator("h1")).ToHaveTextAsync("perceiver-mini-language");
    }

    private async Task ChooseAsync(string head, IReadOnlyList<Example> examples)
    {
        await _browser.ChooseAsync(head);
        await Assertions.Expect(Page.Locator($"#{head} .example")).ToHaveCountAsync(examples.Count);
    }

    private Task ClickAsync(string head, int index) => Page.Locator($"#{head} .example").Nth(index).ClickAsync();

    private async Task AssertVerdictAsync(string head, Example example)
    {
        await Assertions.Expect(Page.Locator($"#{head} .example[aria-pressed=true]")).ToContainTextAsync(example.Name);
        await Assertions.Expect(Page.Locator($"#{head} .result")).ToBeVisibleAsync();
        if (example.Unsure)
        {
            await Assertions.Expect(Page.Locator($"#{head} .unsure")).ToContainTextAsync("Unsure.");
            await Assertions.Expect(Page.Locator($"#{head} .unsure a")).ToBeVisibleAsync();
            return;
        }

        await Assertions.Expect(Page.Locator($"#{head} .best")).ToHaveTextAsync(example.Truth!);
        await Assertions.Expect(Page.Locator($"#{head} .truth")).ToHaveTextAsync("Correct.");
        await Assertions.Expect(Page.Locator($"#{head} .unsure")).ToHaveCountAsync(0);
    }
}
