using System.Diagnostics.Metrics;

namespace Cluster.Gateway;

/// <summary>The meter <c>Perceiver.Cluster.Gateway</c>.</summary>
internal sealed class GatewayMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Perceiver.Cluster.Gateway";

    private readonly Counter<long> _answers, _retries;

    /// <summary>Makes the instruments.</summary>
    /// <param name="factory">The program's factory of meters.</param>
    public GatewayMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _answers = meter.CreateCounter<long>("cluster.answers", "{request}", "Requests that a silo answered, by task and silo.");
        _retries = meter.CreateCounter<long>("cluster.retries", "{attempt}", "Attempts after which another silo was asked, by reason.");
    }

    /// <summary>Counts an answer.</summary>
    public void Answered(string task, string silo) =>
        _answers.Add(1, new KeyValuePair<string, object?>("task", task), new KeyValuePair<string, object?>("silo", silo));

    /// <summary>Counts an attempt that another one follows.</summary>
    public void Retried(string task, string reason) =>
        _retries.Add(1, new KeyValuePair<string, object?>("task", task), new KeyValuePair<string, object?>("reason", reason));
}
