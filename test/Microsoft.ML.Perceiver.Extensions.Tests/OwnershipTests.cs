using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.ML.Perceiver.Extensions.Tests;

/// <summary>Which models are disposed, when, and in which order.</summary>
[TestClass]
public sealed class OwnershipTests
{
    [TestMethod]
    public async Task The_container_disposes_a_model_that_the_pool_made_once()
    {
        ScriptedModel? made = null;
        var services = Services.Of(options => options.FromModel(context => made = ScriptedModel.Create(context, _ => { })));
        await services.Pool().PredictAsync("x");
        Assert.AreEqual(0, made!.Disposals);
        await services.DisposeAsync();
        Assert.AreEqual(1, made.Disposals);
        await services.DisposeAsync();
        Assert.AreEqual(1, made.Disposals);
    }

    [TestMethod]
    public async Task A_model_of_the_program_stays_the_programs()
    {
        var model = ScriptedModel.Create(new MLContext(), _ => { });
        var services = Services.Of(options => options.FromModel(model));
        await services.Pool().PredictAsync("x");
        await services.Pool().ReloadAsync();
        Assert.AreEqual("done", (await services.Pool().PredictAsync("x")).PredictedLabel);
        await services.DisposeAsync();
        Assert.AreEqual(0, model.Disposals);
    }

    [TestMethod]
    public async Task The_old_model_is_disposed_after_its_last_prediction()
    {
        using var gate = new Gate();
        var events = new List<string>();
        var models = new List<ScriptedModel>();
        await using var services = Services.Of(options =>
        {
            options.FromModel(context =>
            {
                string name = models.Count == 0 ? "old" : "new";
                var model = ScriptedModel.Create(context, text => Predict(name, text), name, () => Note($"{name} disposed"));
                models.Add(model);
                return model;
            });
            options.Engines = 1;
        });

        void Predict(string name, string text)
        {
            if (name == "old")
                gate.Enter(text);
            Note($"{name} predicted {text}");
        }

        void Note(string what)
        {
            lock (events)
                events.Add(what);
        }

        var pool = services.Pool();
        var running = pool.PredictAsync("1");
        await gate.NextAsync();
        var waiting = pool.PredictAsync("2");
        var reload = pool.ReloadAsync();
        // The new model takes what waits, while the old one still predicts.
        Assert.AreEqual("new", (await waiting).PredictedLabel);
        Assert.AreEqual("new", (await pool.PredictAsync("3")).PredictedLabel);
        Assert.AreEqual(0, models[0].Disposals);
        Assert.IsFalse(reload.IsCompleted);
        gate.Open();
        Assert.AreEqual("old", (await running).PredictedLabel);
        await reload;
        CollectionAssert.AreEqual(
            new[] { "new predicted 2", "new predicted 3", "old predicted 1", "old disposed" }, events.ToArray());
        await services.DisposeAsync();
        Assert.AreEqual("new disposed", events[^1]);
        Assert.IsTrue(models.All(m => m.Disposals == 1));
    }

    [TestMethod]
    public async Task Each_reload_releases_the_weights_of_the_model_before_and_ends_its_threads()
    {
        using var folder = new TemporaryFolder();
        TinyTexts.Save(folder["model.mlnet"], 1);
        var models = new List<ITransformer>();
        await using var services = Services.Of(options =>
        {
            options.FromModel(context =>
            {
                models.Add(context.Model.LoadPerceiver(folder["model.mlnet"], out _));
                return models[^1];
            });
            options.Engines = 8;
        });
        var pool = services.Pool();
        await pool.PredictAsync("x");
        int threads = EngineThreads();
        for (int i = 1; i <= 3; i++)
        {
            await pool.ReloadAsync();
            await pool.PredictAsync("x");
            Assert.HasCount(i + 1, models);
            // The chain's stage refuses what comes after its disposal; that of the new model does not.
            var data = new MLContext().Data.LoadFromEnumerable([new TextInput()]);
            Assert.ThrowsExactly<ObjectDisposedException>(() => models[i - 1].Transform(data));
            models[i].Transform(data);
        }

        Assert.IsLessThan(threads + 8, EngineThreads());
    }

    // All threads of the process; an engine group that was left behind would add eight.
    private static int EngineThreads()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.Threads.Count;
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task A_model_whose_engines_cannot_be_made_is_disposed(bool columnsFit)
    {
        ScriptedModel? made = null;
        void Fail(string text) => throw new InvalidOperationException($"'{text}' cannot be predicted.");
        await using var services = columnsFit
            ? Services.Of(options =>
            {
                options.FromModel(context => made = ScriptedModel.Create(context, Fail));
                options.TrialInput = new TextInput { Text = "the trial" };
            })
            : Services.Build(s => s.AddPerceiver<Message, TextOutput>(options =>
                options.FromModel(context => made = ScriptedModel.Create(context, Fail))));
        Task Predict() => columnsFit
            ? services.Pool().PredictAsync("x")
            : services.GetRequiredService<PerceiverPool<Message, TextOutput>>().PredictAsync(new Message());
        var error = await Assert.ThrowsAsync<Exception>(Predict);
        StringAssert.Contains(error.Message, columnsFit ? "The model cannot predict TrialInput." : "Text", StringComparison.Ordinal);
        Assert.AreEqual(1, made!.Disposals);
    }
}
