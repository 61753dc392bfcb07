using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.ML.Perceiver.Extensions.Tests;

/// <summary>What a host does when it starts and ends.</summary>
[TestClass]
public sealed class HostTests
{
    private const string Prefix = "AddPerceiver<TextInput, TextOutput>, model 'mail': ";

    [TestMethod]
    public async Task A_host_loads_the_model_at_its_start_from_its_content_root_and_disposes_it()
    {
        using var folder = new TemporaryFolder();
        TinyTexts.Save(folder["model.mlnet"], 1);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = folder.Path });
        builder.Services.AddPerceiver<TextInput, TextOutput>(options => options.FromFile("model.mlnet"));
        var host = builder.Build();
        var pool = host.Services.Pool();
        Assert.IsNull(pool.GetStatus().LoadedAt);
        await host.StartAsync();
        Assert.IsNotNull(pool.GetStatus().LoadedAt);
        await pool.PredictAsync("x");
        await host.StopAsync();
        host.Dispose();
        Assert.IsNull(pool.GetStatus().LoadedAt);
    }

    [TestMethod]
    public async Task All_that_is_wrong_with_the_options_is_said_when_a_host_starts()
    {
        using var folder = new TemporaryFolder();
        var error = await StartFailsAsync(folder, options =>
        {
            options.FromFile("not-there.mlnet", watchForChanges: true);
            (options.Engines, options.MaxQueueLength, options.ThreadsPerEngine, options.WatchInterval) = (0, -1, 0, TimeSpan.Zero);
        });
        string[] expected =
        [
            $"the file '{folder["not-there.mlnet"]}' does not exist (FilePath is 'not-there.mlnet').",
            "Engines must be at least 1, not 0.",
            "MaxQueueLength must be at least 0, not -1.",
            "ThreadsPerEngine must be at least 1 or null, not 0.",
            "WatchInterval must be above 0 and at most a day, not 00:00:00.",
        ];
        CollectionAssert.AreEqual(
            expected.Select(e => Prefix + e).ToArray(), error.Failures.ToArray());
    }

    [TestMethod]
    public async Task Options_without_a_model_say_what_to_call()
    {
        using var folder = new TemporaryFolder();
        var error = await StartFailsAsync(folder, options => options.WatchForChanges = true);
        CollectionAssert.AreEqual(
            new[]
            {
                Prefix + "there is no model; call FromFile, FromStream or FromModel on the options.",
                Prefix + "WatchForChanges needs a file; call FromFile.",
            },
            error.Failures.ToArray());
    }

    [TestMethod]
    public async Task A_damaged_model_ends_the_start()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["model.mlnet"], "no model");
        using var host = Build(folder, options => options.FromFile("model.mlnet"));
        await Assert.ThrowsAsync<Exception>(() => host.StartAsync());
        Assert.IsNotNull(host.Services.Pool().GetStatus("mail").LoadError);
        Assert.IsNull(host.Services.Pool().GetStatus("mail").LoadedAt);
    }

    [TestMethod]
    public async Task Options_may_come_from_a_configuration()
    {
        using var folder = new TemporaryFolder();
        TinyTexts.Save(folder["model.mlnet"], 1);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = folder.Path });
        builder.Configuration["Spam:FilePath"] = "model.mlnet";
        builder.Configuration["Spam:MaxQueueLength"] = "7";
        builder.Services.AddPerceiver<TextInput, TextOutput>(options => builder.Configuration.GetSection("Spam").Bind(options));
        using var host = builder.Build();
        await host.StartAsync();
        Assert.AreEqual(7, host.Services.Pool().GetStatus().MaxQueueLength);
        await host.Services.Pool().PredictAsync("x");
        await host.StopAsync();
    }

    private static async Task<OptionsValidationException> StartFailsAsync(
        TemporaryFolder folder, Action<PerceiverPoolOptions<TextInput, TextOutput>> configure)
    {
        using var host = Build(folder, configure);
        return await Assert.ThrowsExactlyAsync<OptionsValidationException>(() => host.StartAsync());
    }

    private static IHost Build(TemporaryFolder folder, Action<PerceiverPoolOptions<TextInput, TextOutput>> configure)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = folder.Path });
        builder.Services.AddPerceiver("mail", configure);
        return builder.Build();
    }
}
