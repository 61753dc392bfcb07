using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.ML.Perceiver;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers embedding generators.</summary>
public static class PerceiverEmbeddingsServiceCollectionExtensions
{
    /// <summary>
    /// Registers the bundled model <c>perceiver-mini-sentence</c> as a generator of vectors of texts:
    /// <c>IEmbeddingGenerator&lt;string, Embedding&lt;float&gt;&gt;</c> and <see cref="PerceiverEmbeddingGenerator"/>, a singleton. A host
    /// loads the model when it starts; without one the first who asks for the generator does. The container disposes it.
    /// </summary>
    /// <param name="services">The program's services.</param>
    /// <returns>A builder to add caching, logging and telemetry to the generator.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> AddPerceiverEmbeddings(this IServiceCollection services) =>
        services.AddPerceiverEmbeddings(_ => { });

    /// <summary>Registers a model as a generator of vectors of texts, as the method without options does.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="configure">
    /// Says where the model comes from. Where the method is called twice, the later call changes what the first one set.
    /// </param>
    /// <returns>A builder to add caching, logging and telemetry to the generator.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> AddPerceiverEmbeddings(
        this IServiceCollection services, Action<PerceiverEmbeddingOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        AddOptions(services, Options.Options.DefaultName, configure);
        services.TryAddSingleton(provider => Create(provider, Options.Options.DefaultName));
        services.AddSingleton<IHostedService>(provider => new EmbeddingGeneratorLoader(provider, name: null));
        return services.AddEmbeddingGenerator(provider => provider.GetRequiredService<PerceiverEmbeddingGenerator>());
    }

    /// <summary>Registers one of several generators, under a key.</summary>
    /// <inheritdoc cref="AddPerceiverEmbeddings(IServiceCollection, Action{PerceiverEmbeddingOptions})"/>
    /// <param name="services">The program's services.</param>
    /// <param name="name">The generator's name, the key of its services.</param>
    /// <param name="configure">Says where the model comes from.</param>
    /// <returns>A builder to add caching, logging and telemetry to the generator.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> AddPerceiverEmbeddings(
        this IServiceCollection services, string name, Action<PerceiverEmbeddingOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        AddOptions(services, name, configure);
        services.TryAddKeyedSingleton(name, (provider, _) => Create(provider, name));
        services.AddSingleton<IHostedService>(provider => new EmbeddingGeneratorLoader(provider, name));
        return services.AddKeyedEmbeddingGenerator(
            name, provider => provider.GetRequiredKeyedService<PerceiverEmbeddingGenerator>(name));
    }

    private static void AddOptions(IServiceCollection services, string name, Action<PerceiverEmbeddingOptions> configure)
    {
        services.AddOptions<PerceiverEmbeddingOptions>(name).Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PerceiverEmbeddingOptions>, EmbeddingOptionsValidator>(
            provider => new EmbeddingOptionsValidator(provider.GetService<IHostEnvironment>())));
    }

    private static PerceiverEmbeddingGenerator Create(IServiceProvider provider, string name)
    {
        var environment = provider.GetService<IHostEnvironment>();
        var options = provider.GetRequiredService<IOptionsMonitor<PerceiverEmbeddingOptions>>().Get(name);
        return new PerceiverEmbeddingGenerator(options, path => HostFolder.Resolve(environment, path));
    }
}
