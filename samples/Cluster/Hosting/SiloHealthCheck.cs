using Cluster.Serving;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Cluster.Hosting;

/// <summary>Whether a silo has its models, and a place for a further request.</summary>
internal sealed class SiloHealthCheck(SiloModels models, SiloOptions options) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var report = models.Report();
        string served = string.Join(", ", report.Versions.Select(v => $"{v.Key} {v.Value}"));
        string text = $"Serves {served}; {report.PlacesTaken} of {report.Places} places are taken.";
        if (options.Tasks.Any(t => !report.Versions.ContainsKey(t)))
            return Task.FromResult(new HealthCheckResult(context.Registration.FailureStatus, text));
        return Task.FromResult(report.PlacesTaken < report.Places ? HealthCheckResult.Healthy(text) : HealthCheckResult.Degraded(text));
    }
}
