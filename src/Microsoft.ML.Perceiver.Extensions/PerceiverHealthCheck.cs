using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.ML.Perceiver;

/// <summary>Whether the models of a pool are served: the worst of them counts.</summary>
internal sealed class PerceiverHealthCheck<TInput, TOutput>(PerceiverPool<TInput, TOutput> pool) : IHealthCheck
    where TInput : class
    where TOutput : class, new()
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var models = pool.ModelNames.Select(name => Judge(pool.GetStatus(name))).ToArray();
        // Of the enumeration, the lower is the worse.
        var worst = models.Min(m => m.Health);
        var data = models.ToDictionary(m => m.Name, m => (object)m.Text);
        string description = string.Join(" ", models.Where(m => m.Health == worst).Select(m => $"Model '{m.Name}': {m.Text}"));
        var status = worst == HealthStatus.Unhealthy ? context.Registration.FailureStatus : worst;
        return Task.FromResult(new HealthCheckResult(status, description, exception: null, data));
    }

    private static (string Name, HealthStatus Health, string Text) Judge(PerceiverModelStatus model)
    {
        string name = ModelNames.Label(model.Name);
        if (model.LoadedAt is not { } loaded)
        {
            return (name, HealthStatus.Unhealthy, model.LoadError is { } cause
                ? $"it could not be loaded. {cause}"
                : "it is not loaded.");
        }

        string since = $"in use since {loaded.ToString("u", CultureInfo.InvariantCulture)}";
        if (model.LoadError is { } error)
            return (name, HealthStatus.Degraded, $"the new model could not be loaded, the old one is {since}. {error}");
        if (model.IsQueueFull)
            return (name, HealthStatus.Degraded, $"the queue is full ({model.QueueLength} requests wait); requests are refused.");
        return (name, HealthStatus.Healthy, $"{since}; {model.QueueLength} of at most {model.MaxQueueLength} requests wait.");
    }
}
