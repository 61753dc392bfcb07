using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.ML.Perceiver;

/// <summary>Loads a generator's model when the host starts, so that a fault ends the start and no request waits for it.</summary>
/// <param name="services">The program's services.</param>
/// <param name="name">The generator's name; null for the one without.</param>
internal sealed class EmbeddingGeneratorLoader(IServiceProvider services, string? name) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = name is null
            ? services.GetRequiredService<PerceiverEmbeddingGenerator>()
            : services.GetRequiredKeyedService<PerceiverEmbeddingGenerator>(name);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
