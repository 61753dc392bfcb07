using Microsoft.Playwright;
using Playground;

namespace Microsoft.ML.Perceiver.Playground.Tests;

/// <summary>Screenshots of every tab with a result, in light and dark, on a wide screen and on a phone's.</summary>
[TestClass]
[TestCategory("LongRunning")]
[TestCategory("Browser")]
public sealed class LookTests
{
    private static readonly string[] Heads = ["fill-mask", "image", "flow", "video", "alike", "text"];
    private static Server s_server = null!;

    public TestContext TestContext { get; set; } = null!;

    [ClassInitialize]
    public static async Task StartServerAsync(TestContext context) => s_server = await Server.StartAsync(new PlaygroundOptions());

    [ClassCleanup]
    public static Task StopServerAsync() => s_server.DisposeAsync().AsTask();

    [TestMethod]
    [DataRow(1100, false)]
    [DataRow(1100, true)]
    [DataRow(390, false)]
    [DataRow(390, true)]
    public async Task Nothing_is_cut_off(int width, bool dark)
    {
        var browser = await Browser.StartAsync(width, dark ? ColorScheme.Dark : ColorScheme.Light);
        await using var closing = browser;
        await browser.OpenAsync(s_server);
        string variant = $"{(dark ? "dark" : "light")}-{width}";
        foreach (string head in Heads)
        {
            await browser.ChooseAsync(head);
            await AssertFitsAsync(browser.Page, width, head);
            // The last one: for images and texts it is the one that is unsure. Flow is quicker with small frames.
            if (head == "flow")
                await browser.Page.SelectOptionAsync("#side", "160");
            await browser.Page.Locator($"#{head} .example").Last.ClickAsync();
            await Assertions.Expect(browser.Page.Locator($"#{head} .code")).ToBeVisibleAsync(new() { Timeout = 300_000 });
            await AssertFitsAsync(browser.Page, width, head);
            await browser.ShowAsync($"{head}-{variant}", TestContext);
        }

        await browser.Page.ClickAsync("#text .code summary");
        await AssertFitsAsync(browser.Page, width, "code");
        await browser.ShowAsync($"code-{variant}", TestContext);
        await browser.Page.GotoAsync(new Uri(s_server.Address, "cards/perceiver-mini-spam").ToString());
        await AssertFitsAsync(browser.Page, width, "card");
        await browser.ShowAsync($"card-{variant}", TestContext);
        await browser.CloseAsync();
    }

    private static async Task AssertFitsAsync(IPage page, int width, string what) =>
        Assert.IsLessThanOrEqualTo(width, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"), what);
}
