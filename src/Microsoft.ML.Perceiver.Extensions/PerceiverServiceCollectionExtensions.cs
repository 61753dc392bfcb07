using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.ML.Perceiver;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers models that are served.</summary>
public static class PerceiverServiceCollectionExtensions
{
    /// <summary>
    /// Registers a model as <see cref="PerceiverPool{TInput, TOutput}"/>: prediction engines for many callers at once, with a bounded
    /// queue. A host loads it when it starts; without one the first request does.
    /// </summary>
    /// <typeparam name="TInput">The class of a row that is predicted, as of <c>CreatePredictionEngine</c>.</typeparam>
    /// <typeparam name="TOutput">The class of a prediction.</typeparam>
    /// <param name="services">The program's services.</param>
    /// <param name="configure">Says where the model comes from; called twice, the later call changes what the first one set.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IServiceCollection AddPerceiver<TInput, TOutput>(
        this IServiceCollection services, Action<PerceiverPoolOptions<TInput, TOutput>> configure)
        where TInput : class
        where TOutput : class, new() => services.AddPerceiver(Options.Options.DefaultName, configure);

    /// <summary>Registers one of several models for the same classes, as the method without a name does.</summary>
    /// <inheritdoc cref="AddPerceiver{TInput, TOutput}(IServiceCollection, Action{PerceiverPoolOptions{TInput, TOutput}})"/>
    /// <param name="services">The program's services.</param>
    /// <param name="modelName">The model's name, by which requests choose it.</param>
    /// <param name="configure">Says where the model comes from.</param>
    public static IServiceCollection AddPerceiver<TInput, TOutput>(
        this IServiceCollection services, string modelName, Action<PerceiverPoolOptions<TInput, TOutput>> configure)
        where TInput : class
        where TOutput : class, new()
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(modelName);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<PerceiverPoolOptions<TInput, TOutput>>(modelName).Configure(configure).ValidateOnStart();
        services.TryAddSingleton(provider => new ContentRoot(provider.GetService<IHostEnvironment>()));
        services.TryAddSingleton(provider => new ServingMetrics(provider.GetService<IMeterFactory>()));
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<
                IValidateOptions<PerceiverPoolOptions<TInput, TOutput>>, PerceiverPoolOptionsValidator<TInput, TOutput>>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PoolLoader<TInput, TOutput>>());
        services.AddSingleton(new ModelName<TInput, TOutput>(modelName));
        services.TryAddSingleton(provider => new PerceiverPool<TInput, TOutput>(
            provider.GetServices<ModelName<TInput, TOutput>>(),
            provider.GetRequiredService<IOptionsMonitor<PerceiverPoolOptions<TInput, TOutput>>>(),
            provider.GetRequiredService<ContentRoot>(),
            provider.GetRequiredService<ServingMetrics>(),
            provider.GetService<ILoggerFactory>()));
        return services;
    }
}
