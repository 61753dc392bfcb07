using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Cluster.Hosting;

/// <summary>Metrics by OpenTelemetry: for Prometheus at /metrics, and to a collector where the environment names one.</summary>
internal static class Telemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Adds the metrics of a program.</summary>
    /// <param name="services">Its services.</param>
    /// <param name="name">The program's name.</param>
    /// <param name="meters">The meters.</param>
    public static void Add(IServiceCollection services, string name, params string[] meters)
    {
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(name))
            .WithMetrics(metrics => metrics.AddMeter(meters).AddPrometheusExporter());
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Endpoint)))
            telemetry.UseOtlpExporter();
    }
}
