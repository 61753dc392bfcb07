using Microsoft.Extensions.Hosting;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Loads the models when a host starts, before it takes requests: what is wrong ends the start, and no request waits for a model.
/// </summary>
internal sealed class PoolLoader<TInput, TOutput>(PerceiverPool<TInput, TOutput> pool) : IHostedService
    where TInput : class
    where TOutput : class, new()
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.Run(pool.Load, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
