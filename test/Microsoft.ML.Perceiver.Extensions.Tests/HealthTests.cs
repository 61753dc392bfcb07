using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.ML.Perceiver.Extensions.Tests;

/// <summary>What a health check says.</summary>
[TestClass]
public sealed class HealthTests
{
    [TestMethod]
    public async Task A_model_that_is_served_is_healthy_and_one_that_is_not_loaded_is_not()
    {
        using var folder = new TemporaryFolder();
        TinyTexts.Save(folder["model.mlnet"], 1);
        await using var services = Of(s => s.AddPerceiver<TextInput, TextOutput>(options => options.FromFile(folder["model.mlnet"])));
        await IsAsync(services, HealthStatus.Unhealthy, "Model 'default': it is not loaded.");
        await services.Pool().PredictAsync("x");
        await IsAsync(services, HealthStatus.Healthy, "Model 'default': in use since ");
        await IsAsync(services, HealthStatus.Healthy, "0 of at most 1000 requests wait.");
    }

    [TestMethod]
    public async Task A_model_that_could_not_be_loaded_is_unhealthy_and_says_why()
    {
        await using var services = Of(s => s.AddPerceiver<TextInput, TextOutput>(
            "mail", options => options.FromModel(_ => throw new FormatException("It is damaged."))));
        await Assert.ThrowsExactlyAsync<FormatException>(() => services.Pool().PredictAsync("mail", new TextInput()));
        await IsAsync(services, HealthStatus.Unhealthy, "Model 'mail': it could not be loaded. It is damaged.");
    }

    [TestMethod]
    public async Task An_old_model_in_place_of_a_damaged_one_is_degraded_and_the_worst_model_counts()
    {
        using var folder = new TemporaryFolder();
        TinyTexts.Save(folder["mail.mlnet"], 1);
        TinyTexts.Save(folder["chat.mlnet"], 2);
        await using var services = Of(s => s
            .AddPerceiver<TextInput, TextOutput>("mail", options => options.FromFile(folder["mail.mlnet"]))
            .AddPerceiver<TextInput, TextOutput>("chat", options => options.FromFile(folder["chat.mlnet"])));
        var pool = services.Pool();
        foreach (string name in pool.ModelNames)
            await pool.PredictAsync(name, new TextInput { Text = "x" });
        await IsAsync(services, HealthStatus.Healthy, "Model 'chat': in use since ");
        await File.WriteAllTextAsync(folder["chat.mlnet"], "no model");
        await Assert.ThrowsAsync<Exception>(() => pool.ReloadAsync("chat"));
        await IsAsync(services, HealthStatus.Degraded, "Model 'chat': the new model could not be loaded, the old one is in use since ");
        var report = await ReportAsync(services);
        Assert.DoesNotContain("mail", report.Description!);
        StringAssert.StartsWith((string)report.Data["mail"], "in use since ", StringComparison.Ordinal);
        TinyTexts.Save(folder["chat.mlnet"], 3);
        await pool.ReloadAsync("chat");
        await IsAsync(services, HealthStatus.Healthy, "Model 'chat'");
    }

    [TestMethod]
    public async Task A_full_queue_is_degraded()
    {
        using var gate = new Gate();
        await using var services = Of(s => s.AddPerceiver<TextInput, TextOutput>(options =>
        {
            options.FromModel(context => ScriptedModel.Create(context, gate.Enter));
            (options.Engines, options.MaxQueueLength) = (1, 1);
        }));
        var running = services.Pool().PredictAsync("1");
        await gate.NextAsync();
        await IsAsync(services, HealthStatus.Healthy, "0 of at most 1 requests wait.");
        var waiting = services.Pool().PredictAsync("2");
        await IsAsync(services, HealthStatus.Degraded, "Model 'default': the queue is full (1 requests wait)");
        gate.Open();
        await Task.WhenAll(running, waiting);
    }

    [TestMethod]
    public async Task Unhealthy_may_be_reported_as_something_else()
    {
        await using var services = Services.Build(s =>
        {
            s.AddPerceiver<TextInput, TextOutput>(options => options.FromModel(context => ScriptedModel.Create(context, _ => { })));
            s.AddLogging().AddHealthChecks().AddPerceiver<TextInput, TextOutput>("spam", HealthStatus.Degraded, ["ready"]);
        });
        var report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Tags.Contains("ready"));
        Assert.AreEqual(HealthStatus.Degraded, report.Entries["spam"].Status);
    }

    private static ServiceProvider Of(Action<IServiceCollection> configure) => Services.Build(s =>
    {
        configure(s);
        s.AddLogging().AddHealthChecks().AddPerceiver<TextInput, TextOutput>();
    });

    private static async Task IsAsync(ServiceProvider services, HealthStatus status, string text)
    {
        var entry = await ReportAsync(services);
        Assert.AreEqual(status, entry.Status, entry.Description);
        StringAssert.Contains(entry.Description, text, StringComparison.Ordinal);
    }

    private static async Task<HealthReportEntry> ReportAsync(ServiceProvider services) =>
        (await services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["perceiver-TextInput"];
}
