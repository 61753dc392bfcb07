using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.ML.Perceiver.Extensions.Tests;

/// <summary>Containers with served models, without a host.</summary>
internal static class Services
{
    /// <summary>A container with one model.</summary>
    internal static ServiceProvider Of(Action<PerceiverPoolOptions<TextInput, TextOutput>> configure, CollectingLogger? log = null) =>
        Build(services => services.AddPerceiver<TextInput, TextOutput>(configure), log);

    internal static ServiceProvider Build(Action<IServiceCollection> configure, CollectingLogger? log = null)
    {
        var services = new ServiceCollection();
        services.AddMetrics();
        if (log is not null)
            services.AddSingleton<ILoggerFactory>(new SingleLogger(log));
        configure(services);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    internal static PerceiverPool<TextInput, TextOutput> Pool(this IServiceProvider provider) =>
        provider.GetRequiredService<PerceiverPool<TextInput, TextOutput>>();

    internal static Task<TextOutput> PredictAsync(this PerceiverPool<TextInput, TextOutput> pool, string text) =>
        pool.PredictAsync(new TextInput { Text = text });

    /// <summary>Waits for something that another thread does.</summary>
    internal static async Task UntilAsync(Func<bool> condition, string what)
    {
        for (int i = 0; i < 600; i++)
        {
            if (condition())
                return;
            await Task.Delay(50);
        }

        Assert.Fail($"This did not happen within 30 seconds: {what}.");
    }

    private sealed class SingleLogger(ILogger logger) : ILoggerFactory
    {
        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public ILogger CreateLogger(string categoryName) => logger;

        public void Dispose()
        {
        }
    }
}
