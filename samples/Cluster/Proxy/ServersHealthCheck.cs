using Microsoft.Extensions.Diagnostics.HealthChecks;
using Yarp.ReverseProxy;

namespace Cluster.Proxy;

/// <summary>Whether any server is well.</summary>
internal sealed class ServersHealthCheck(IProxyStateLookup proxy) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var states = proxy.GetClusters().Select(c => c.DestinationsState).ToArray();
        int well = states.Sum(s => s.AvailableDestinations.Count), all = states.Sum(s => s.AllDestinations.Count);
        string text = $"{well} of {all} servers are well.";
        if (well == 0)
            return Task.FromResult(new HealthCheckResult(context.Registration.FailureStatus, text));
        return Task.FromResult(well == all ? HealthCheckResult.Healthy(text) : HealthCheckResult.Degraded(text));
    }
}
