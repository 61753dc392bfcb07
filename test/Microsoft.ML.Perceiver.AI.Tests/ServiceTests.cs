using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.ML.Perceiver.Models;

namespace Microsoft.ML.Perceiver.AI.Tests;

/// <summary>Generators of a container.</summary>
[TestClass]
public sealed class ServiceTests
{
    [TestMethod]
    public async Task A_container_gives_the_generator_and_disposes_it()
    {
        var services = Build(s => s.AddPerceiverEmbeddings(options => options.FromCheckpoint(TinySentences.Checkpoint)));
        var generator = services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        Assert.AreSame(generator, services.GetRequiredService<PerceiverEmbeddingGenerator>());
        Assert.AreSame(generator, services.GetRequiredService<IEmbeddingGenerator>());
        TinySentences.AssertSame(TinySentences.Expected("call now"), await generator.GenerateAsync(["call now"]));
        await services.DisposeAsync();
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => generator.GenerateAsync(["x"]));
    }

    [TestMethod]
    public async Task Without_options_the_bundled_model_is_taken()
    {
        await using var services = Build(s => s.AddPerceiverEmbeddings());
        var generator = services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        var metadata = generator.GetRequiredService<EmbeddingGeneratorMetadata>();
        Assert.AreEqual(BundledModels.MiniSentence, metadata.DefaultModelId);
        var vector = await generator.GenerateVectorAsync("Where is my card?");
        Assert.AreEqual(metadata.DefaultModelDimensions, vector.Length);
    }

    [TestMethod]
    public async Task What_is_chained_behind_it_is_used()
    {
        int calls = 0;
        await using var services = Build(s => s
            .AddPerceiverEmbeddings(options => options.FromCheckpoint(TinySentences.Checkpoint))
            .Use((values, options, inner, cancellation) =>
            {
                calls++;
                return inner.GenerateAsync(values, options, cancellation);
            }));
        var generator = services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        TinySentences.AssertSame(TinySentences.Expected("x"), await generator.GenerateAsync(["x"]));
        Assert.AreEqual(1, calls);
        Assert.IsNotNull(generator.GetService<PerceiverEmbeddingGenerator>());
    }

    [TestMethod]
    public async Task Generators_are_chosen_by_their_keys()
    {
        using var transformer = TinySentences.Fit(new MLContext(seed: 1));
        await using var services = Build(s =>
        {
            s.AddPerceiverEmbeddings("mail", options => options.FromModel(transformer).ModelId = "letters");
            s.AddPerceiverEmbeddings("chat", options => options.FromCheckpoint(TinySentences.Checkpoint));
        });
        var mail = services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("mail");
        var chat = services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("chat");
        Assert.AreNotSame(mail, chat);
        Assert.AreEqual("letters", (await mail.GenerateAsync(["x"])).Single().ModelId);
        TinySentences.AssertSame(TinySentences.Expected("x"), await chat.GenerateAsync(["x"]));
        Assert.IsNull(services.GetService<PerceiverEmbeddingGenerator>());
    }

    [TestMethod]
    public async Task A_host_loads_the_model_at_its_start_from_its_content_root()
    {
        using var folder = new TemporaryFolder();
        var context = new MLContext(seed: 1);
        using (var transformer = TinySentences.Fit(context))
            context.Model.Save(transformer, context.Data.LoadFromEnumerable([new { Body = "" }]).Schema, folder["Search.mlnet"]);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = folder.Path });
        builder.Configuration["Search:FilePath"] = "Search.mlnet";
        builder.Configuration["Search:BatchSize"] = "7";
        builder.Services.AddPerceiverEmbeddings(options => builder.Configuration.GetSection("Search").Bind(options));
        using var host = builder.Build();
        await host.StartAsync();
        File.Delete(folder["Search.mlnet"]);
        var generator = host.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        TinySentences.AssertSame(TinySentences.Expected("x"), await generator.GenerateAsync(["x"]));
        await host.StopAsync();
    }

    [TestMethod]
    public async Task All_that_is_wrong_with_the_options_is_said_when_a_host_starts()
    {
        using var folder = new TemporaryFolder();
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = folder.Path });
        builder.Services.AddPerceiverEmbeddings("mail", options => options.FromFile("not-there.mlnet").BatchSize = 0);
        using var host = builder.Build();
        var error = await Assert.ThrowsExactlyAsync<OptionsValidationException>(() => host.StartAsync());
        const string Prefix = "AddPerceiverEmbeddings, generator 'mail': ";
        string[] expected =
        [
            $"{Prefix}the file '{folder["not-there.mlnet"]}' does not exist (FilePath is 'not-there.mlnet').",
            $"{Prefix}BatchSize must be from 1 to 65536, not 0.",
        ];
        CollectionAssert.AreEqual(expected, error.Failures.ToArray());
    }

    private static ServiceProvider Build(Action<IServiceCollection> configure)
    {
        var services = new ServiceCollection();
        configure(services);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }
}
