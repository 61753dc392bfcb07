using System.Text.RegularExpressions;
using Microsoft.ML.Perceiver.Models;
using Microsoft.Playwright;
using OnnxSample;

namespace Microsoft.ML.Perceiver.Playground.Tests;

/// <summary>The page of samples/Onnx in a headless Chromium, beside ONNX Runtime in this process with the same files.</summary>
[TestClass]
[TestCategory("Browser")]
public sealed class OnnxPageTests
{
    private const string Variable = "PERCEIVER_ONNXRUNTIME_WEB", Address = "http://127.0.0.1:5281/";
    private static readonly string s_folder = Path.Combine(Path.GetTempPath(), $"perceiver-onnx-page-{Guid.NewGuid():n}");
    private static string? s_runtime;
    private Browser? _browser;

    private IPage Page => _browser!.Page;

    [ClassInitialize]
    public static void Write(TestContext context)
    {
        s_runtime = Environment.GetEnvironmentVariable(Variable);
        TorchRuntime.EnsureLoaded();
        using var language = BundledModel.Load(BundledModels.MiniLanguage);
        using var images = BundledModel.Load(BundledModels.MiniClothing);
        PageFolder.Write(s_folder, language, images, s_runtime);
    }

    [ClassCleanup]
    public static void Delete() => Directory.Delete(s_folder, recursive: true);

    [TestCleanup]
    public Task CloseAsync() => _browser?.CloseAsync() ?? Task.CompletedTask;

    [TestMethod]
    public async Task Masks_are_filled_as_in_this_process()
    {
        await OpenAsync();
        const string text = "It was a dark and stormy n____.";
        await Page.FillAsync("#masked", text);
        await Page.ClickAsync("#fillmask button");
        var first = Page.Locator("#fillings li").First;
        await Assertions.Expect(first).ToHaveTextAsync(new Regex(@"^It was a dark and stormy n....\. \(\d+\.\d %\)$"));
        await Assertions.Expect(Page.Locator("#fillings li")).ToHaveCountAsync(5);
        StringAssert.StartsWith(await first.TextContentAsync(), Filled(text) + " (");
        await Page.FillAsync("#masked", "Nothing is hidden here.");
        await Page.ClickAsync("#fillmask button");
        await Assertions.Expect(Page.Locator("#error")).ToContainTextAsync("There is no mask in the text");
        await Page.FillAsync("#masked", "_" + new string('a', 254));
        await Page.ClickAsync("#fillmask button");
        await Assertions.Expect(Page.Locator("#error")).ToContainTextAsync("The text has 255 bytes; the model reads 254.");
    }

    [TestMethod]
    public async Task Photographs_get_the_labels_that_they_get_in_this_process()
    {
        await OpenAsync();
        var labels = PerceiverCheckpoint.Bundled(BundledModels.MiniClothing).Config.LabelNames;
        foreach (string photograph in ImageHead.Photographs(10))
        {
            await Page.SetInputFilesAsync("#photograph", photograph);
            float[] scores = Scores(photograph);
            int best = Array.IndexOf(scores, scores.Max());
            await Assertions.Expect(Page.Locator("#labels li")).ToHaveCountAsync(3);
            await Assertions.Expect(Page.Locator("#labels li").First).ToHaveTextAsync(new Regex($@"^{labels[best]} \(\d+\.\d %\)$"));
        }
    }

    [TestMethod]
    public void A_folder_without_onnxruntime_web_is_refused()
    {
        using var language = BundledModel.Load(BundledModels.MiniLanguage);
        using var images = BundledModel.Load(BundledModels.MiniClothing);
        string folder = Path.Combine(s_folder, "refused");
        var error = Assert.ThrowsExactly<FileNotFoundException>(() => PageFolder.Write(folder, language, images, s_folder));
        StringAssert.Contains(error.Message, "--web names the folder of the unpacked npm package onnxruntime-web");
    }

    // No server: the browser gets the files of the folder as they are.
    private async Task OpenAsync()
    {
        if (s_runtime is null)
            Assert.Inconclusive($"{Variable} names no folder of the npm package onnxruntime-web.");
        _browser = await Browser.StartAsync();
        await Page.RouteAsync("**/*", route => route.FulfillAsync(new()
        {
            Path = Path.Combine(s_folder, new Uri(route.Request.Url).AbsolutePath.TrimStart('/')),
            ContentType = TypeOf(route.Request.Url),
        }));
        await Page.GotoAsync(Address + "index.html");
        await Page.WaitForSelectorAsync("body[data-ready]");
    }

    private static string TypeOf(string url) => Path.GetExtension(url) switch
    {
        ".html" => "text/html",
        ".js" or ".mjs" => "text/javascript",
        ".json" => "application/json",
        ".wasm" => "application/wasm",
        _ => "application/octet-stream",
    };

    // Each mask by itself, as the page's first filling is.
    private static string Filled(string text)
    {
        var ids = PerceiverTokenizer.Default.Encode(text.Replace("_", "[MASK]", StringComparison.Ordinal)).InputIds.ToArray();
        long[] positions = [.. Enumerable.Range(0, ids.Length).Where(i => ids[i] == PerceiverTokenizer.MaskTokenId).Select(i => (long)i)];
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var files = new OnnxFiles([Path.Combine(s_folder, "fillmask.onnx")]);
        float[] logits = files.Run(new Dictionary<string, TorchSharp.torch.Tensor>
        {
            ["input_ids"] = TorchSharp.torch.tensor([.. ids.Select(id => (long)id)], 1, ids.Length),
            ["attention_mask"] = TorchSharp.torch.ones(1, ids.Length, TorchSharp.torch.ScalarType.Int64),
            ["positions"] = TorchSharp.torch.tensor(positions, 1, positions.Length),
        })["logits"];
        var scores = logits.Chunk(PerceiverTokenizer.VocabularySize).Select(row => row[PerceiverTokenizer.FirstByteId..]);
        var bytes = new Queue<char>(scores.Select(row => (char)Array.IndexOf(row, row.Max())));
        return string.Concat(text.Select(c => c == '_' ? bytes.Dequeue() : c));
    }

    private static float[] Scores(string photograph)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var files = new OnnxFiles([Path.Combine(s_folder, "image.onnx")]);
        return files.Run(ImageHead.Row(photograph))["logits"];
    }
}
