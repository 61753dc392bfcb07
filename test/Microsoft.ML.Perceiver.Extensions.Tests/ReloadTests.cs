using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.ML.Perceiver.Extensions.Tests;

/// <summary>What becomes of requests when the model's file is replaced.</summary>
[TestClass]
public sealed class ReloadTests
{
    private const string Text = "hello";

    [TestMethod]
    public async Task A_file_that_is_replaced_is_served_and_no_request_fails()
    {
        using var folder = new TemporaryFolder();
        string path = folder["model.mlnet"];
        TinyTexts.Save(path, 1);
        var first = TinyTexts.Expected(path, Text)[0];
        var log = new CollectingLogger();
        await using var services = Watching(path, log);
        var pool = services.Pool();
        TinyTexts.AssertSame(first, await pool.PredictAsync(Text));
        var loaded = pool.GetStatus().LoadedAt;

        using var end = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var seen = new List<TextOutput>();
            while (!end.IsCancellationRequested)
                seen.Add(await pool.PredictAsync(Text));
            return seen;
        })).ToArray();
        TinyTexts.Save(path, 2);
        var second = TinyTexts.Expected(path, Text)[0];
        await Services.UntilAsync(() => pool.GetStatus().LoadedAt != loaded, "the new file is served");
        TinyTexts.AssertSame(second, await pool.PredictAsync(Text));
        await end.CancelAsync();
        // Every prediction is that of the one model or of the other.
        foreach (var seen in await Task.WhenAll(clients))
            Assert.IsTrue(seen.All(output => TinyTexts.IsSame(first, output) || TinyTexts.IsSame(second, output)));
        Assert.IsFalse(TinyTexts.IsSame(first, second));
        Assert.AreEqual(1, log.Messages.Count(m => m.Contains("loaded again", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task A_damaged_file_keeps_the_old_model_and_a_good_one_replaces_it_later()
    {
        using var folder = new TemporaryFolder();
        string path = folder["model.mlnet"];
        TinyTexts.Save(path, 1);
        var first = TinyTexts.Expected(path, Text)[0];
        var log = new CollectingLogger();
        await using var services = Watching(path, log);
        var pool = services.Pool();
        await pool.PredictAsync(Text);
        var loaded = pool.GetStatus().LoadedAt;

        byte[] content = await File.ReadAllBytesAsync(path);
        content[content.Length / 2] ^= 0xFF;
        await File.WriteAllBytesAsync(path, content);
        await Services.UntilAsync(() => pool.GetStatus().LoadError is not null, "the damage is noticed");
        TinyTexts.AssertSame(first, await pool.PredictAsync(Text));
        Assert.AreEqual(loaded, pool.GetStatus().LoadedAt);
        string error = log.Entries.Single(e => e.Level == Microsoft.Extensions.Logging.LogLevel.Error).Message;
        StringAssert.Contains(error, path, StringComparison.Ordinal);
        StringAssert.Contains(error, "the old model stays in use", StringComparison.Ordinal);
        // The same file is not read again and again.
        await Task.Delay(TimeSpan.FromMilliseconds(400));
        Assert.AreEqual(1, log.Entries.Count(e => e.Level == Microsoft.Extensions.Logging.LogLevel.Error));

        TinyTexts.Save(path, 2);
        await Services.UntilAsync(() => pool.GetStatus().LoadedAt != loaded, "the good file is served");
        Assert.IsNull(pool.GetStatus().LoadError);
        TinyTexts.AssertSame(TinyTexts.Expected(path, Text)[0], await pool.PredictAsync(Text));
    }

    [TestMethod]
    public async Task A_link_that_leads_to_another_file_is_a_change()
    {
        // As a volume of a container is updated.
        using var folder = new TemporaryFolder();
        TinyTexts.Save(folder["one.mlnet"], 1);
        TinyTexts.Save(folder["two.mlnet"], 2);
        string path = folder["model.mlnet"];
        File.CreateSymbolicLink(path, folder["one.mlnet"]);
        await using var services = Watching(path, new CollectingLogger());
        var pool = services.Pool();
        await pool.PredictAsync(Text);
        var loaded = pool.GetStatus().LoadedAt;
        File.CreateSymbolicLink(path + ".tmp", folder["two.mlnet"]);
        File.Move(path + ".tmp", path, overwrite: true);
        await Services.UntilAsync(() => pool.GetStatus().LoadedAt != loaded, "the link's new target is served");
        TinyTexts.AssertSame(TinyTexts.Expected(folder["two.mlnet"], Text)[0], await pool.PredictAsync(Text));
    }

    [TestMethod]
    public async Task A_file_that_is_not_watched_is_loaded_again_on_request()
    {
        using var folder = new TemporaryFolder();
        string path = folder["model.mlnet"];
        TinyTexts.Save(path, 1);
        var first = TinyTexts.Expected(path, Text)[0];
        await using var services = Services.Of(options => options.FromFile(path));
        var pool = services.Pool();
        TinyTexts.AssertSame(first, await pool.PredictAsync(Text));
        TinyTexts.Save(path, 2);
        TinyTexts.AssertSame(first, await pool.PredictAsync(Text));
        await pool.ReloadAsync();
        TinyTexts.AssertSame(TinyTexts.Expected(path, Text)[0], await pool.PredictAsync(Text));

        File.Delete(path);
        await Assert.ThrowsExactlyAsync<FileNotFoundException>(() => pool.ReloadAsync());
        Assert.IsNotNull(pool.GetStatus().LoadError);
        await pool.PredictAsync(Text);
    }

    [TestMethod]
    public async Task A_new_model_that_cannot_predict_the_trial_is_not_served()
    {
        int made = 0;
        ScriptedModel? second = null;
        await using var services = Services.Of(options =>
        {
            options.FromModel(context => made++ == 0
                ? ScriptedModel.Create(context, _ => { }, "first")
                : second = ScriptedModel.Create(context, _ => throw new FormatException("Not this text."), "second"));
            options.TrialInput = new TextInput { Text = "trial" };
        });
        var pool = services.Pool();
        await pool.PredictAsync(Text);
        var error = await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => pool.ReloadAsync());
        StringAssert.StartsWith(error.Message, "The model cannot predict TrialInput.", StringComparison.Ordinal);
        Assert.AreEqual(1, second!.Disposals);
        Assert.AreEqual("first", (await pool.PredictAsync(Text)).PredictedLabel);
    }

    private static ServiceProvider Watching(string path, CollectingLogger log) => Services.Of(
        options =>
        {
            options.FromFile(path, watchForChanges: true);
            options.Engines = 2;
            options.WatchInterval = TimeSpan.FromMilliseconds(50);
        },
        log);
}
