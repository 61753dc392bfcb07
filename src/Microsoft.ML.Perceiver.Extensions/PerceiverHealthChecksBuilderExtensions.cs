using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.ML.Perceiver;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers health checks of served models.</summary>
public static class PerceiverHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check of all models of two classes. Unhealthy: a model is not loaded. Degraded: a file that changed could not be loaded and
    /// the old model is in use, or the queue is full. The description says which and why; the data have a line for each model.
    /// </summary>
    /// <typeparam name="TInput">The class of a row, as of <c>AddPerceiver</c>.</typeparam>
    /// <typeparam name="TOutput">The class of a prediction.</typeparam>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check; null, the default, for <c>perceiver-</c> and the input's class.</param>
    /// <param name="failureStatus">What is reported in place of Unhealthy; null, the default, for Unhealthy.</param>
    /// <param name="tags">Tags of the check, by which endpoints choose it; null for none.</param>
    /// <returns>The same health checks.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHealthChecksBuilder AddPerceiver<TInput, TOutput>(
        this IHealthChecksBuilder builder, string? name = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
        where TInput : class
        where TOutput : class, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name ?? $"perceiver-{typeof(TInput).Name}",
            provider => new PerceiverHealthCheck<TInput, TOutput>(provider.GetRequiredService<PerceiverPool<TInput, TOutput>>()),
            failureStatus,
            tags));
    }
}
