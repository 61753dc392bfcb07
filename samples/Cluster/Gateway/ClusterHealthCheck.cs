using Cluster.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Cluster.Gateway;

/// <summary>Whether any silo serves anything.</summary>
internal sealed class ClusterHealthCheck(Rollout rollout) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var reports = await rollout.ReportAsync().WaitAsync(Patience, cancellationToken);
            int serving = reports.Count(r => r.Versions.Count > 0);
            string text = $"{serving} silos serve.";
            return serving > 0 ? HealthCheckResult.Healthy(text) : new(context.Registration.FailureStatus, text);
        }
        catch (Exception e) when (Transient.Is(e))
        {
            return new(context.Registration.FailureStatus, $"No silo can be reached. {e.Message}");
        }
    }
}
