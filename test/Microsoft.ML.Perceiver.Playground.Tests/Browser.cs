using Microsoft.Playwright;

namespace Microsoft.ML.Perceiver.Playground.Tests;

/// <summary>The Chromium of this machine with one page, which notes what must not happen.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Variable = "PERCEIVER_CHROMIUM", Default = "/usr/bin/chromium";
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser, IPage page)
    {
        (_playwright, _browser, Page) = (playwright, browser, page);
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
                Faults.Add(message.Text);
        };
        page.PageError += (_, error) => Faults.Add(error);
        page.Request += (_, request) => Addresses.Add(request.Url);
    }

    public IPage Page { get; }

    /// <summary>Scripts that failed, and what the page's security policy refused.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Whatever the page requested.</summary>
    public List<string> Addresses { get; } = [];

    /// <summary>Starts the browser; without one, the test is inconclusive.</summary>
    public static async Task<Browser> StartAsync(int width = 1100, ColorScheme scheme = ColorScheme.Light)
    {
        string path = Environment.GetEnvironmentVariable(Variable) ?? Default;
        if (!File.Exists(path))
            Assert.Inconclusive($"There is no '{path}'; the Debian package chromium has it, and {Variable} names another Chromium.");
        var playwright = await Microsoft.Playwright.Playwright.CreateAsync();
        // Without its sandbox Chromium starts as root, too; it sees nothing but the page of this program.
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = path,
            Args = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"],
            Timeout = 120_000,
        });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = scheme });
        page.SetDefaultTimeout(120_000);
        // A model is loaded at its first use, and the machine may be busy.
        Assertions.SetDefaultExpectTimeout(120_000);
        return new Browser(playwright, browser, page);
    }

    /// <summary>Opens the page of a server and waits until its tabs are filled.</summary>
    public async Task OpenAsync(Server server)
    {
        await Page.GotoAsync(server.Address.ToString());
        await Page.WaitForSelectorAsync("body[data-ready]");
    }

    /// <summary>Chooses a tab.</summary>
    public Task ChooseAsync(string head) => Page.ClickAsync($"#tab-{head}");

    /// <summary>Takes a screenshot of the whole page, into the folder PERCEIVER_SCREENSHOTS or the test's results.</summary>
    public async Task ShowAsync(string name, TestContext context)
    {
        string folder = Environment.GetEnvironmentVariable("PERCEIVER_SCREENSHOTS")
            ?? Path.Combine(context.TestRunDirectory!, "screenshots");
        string path = Path.Combine(folder, name + ".png");
        await Page.ScreenshotAsync(new() { Path = path, FullPage = true });
        context.AddResultFile(path);
    }

    /// <summary>Ends the browser; a script that failed, or a request that left this machine, fails the test.</summary>
    public async Task CloseAsync()
    {
        await DisposeAsync();
        Assert.IsEmpty(Faults, string.Join('\n', Faults));
        string[] own = ["http://127.0.0.1:", "blob:http://127.0.0.1:"];
        string[] foreign = [.. Addresses.Where(a => !own.Any(o => a.StartsWith(o, StringComparison.Ordinal)))];
        Assert.IsEmpty(foreign, string.Join('\n', foreign));
    }

    /// <summary>Records a moving square with a tone, as a video file, with the browser's own encoder.</summary>
    public async Task<byte[]> RecordClipAsync() => Convert.FromBase64String(await Page.EvaluateAsync<string>(
        """
        async () => {
          const canvas = document.createElement('canvas');
          [canvas.width, canvas.height] = [96, 64];
          const context = canvas.getContext('2d'), audio = new AudioContext();
          const tone = audio.createOscillator(), sink = audio.createMediaStreamDestination();
          tone.connect(sink);
          tone.start();
          const stream = new MediaStream([...canvas.captureStream(25).getTracks(), ...sink.stream.getTracks()]);
          const recorder = new MediaRecorder(stream, { mimeType: 'video/webm' }), pieces = [];
          recorder.ondataavailable = event => pieces.push(event.data);
          const stopped = new Promise(resolve => { recorder.onstop = resolve; });
          recorder.start();
          const start = performance.now();
          while (performance.now() - start < 1500) {
            const x = (performance.now() - start) / 20;
            context.fillStyle = '#246';
            context.fillRect(0, 0, 96, 64);
            context.fillStyle = '#fc4';
            context.fillRect(x, 20, 24, 24);
            await new Promise(resolve => setTimeout(resolve, 30));
          }
          recorder.stop();
          await stopped;
          await audio.close();
          const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
          return btoa(Array.from(bytes, b => String.fromCharCode(b)).join(''));
        }
        """));

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
