using Cluster.Serving;

namespace Cluster.Hosting;

/// <summary>A silo.</summary>
internal sealed record SiloOptions
{
    /// <summary>How it finds others.</summary>
    public required Clustering Clustering { get; init; }

    /// <summary>Where it listens for silos and clients.</summary>
    public SiloAddressOptions Address { get; init; } = new();

    /// <summary>Where it listens for /health and /metrics.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>The names that requests for /health and /metrics may call it by.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = new WebApi.ServerOptions().Hosts;

    /// <summary>The folder of models.</summary>
    public required string Models { get; init; }

    /// <summary>The tasks that it serves; calls for another one go to silos that do.</summary>
    public IReadOnlyList<string> Tasks { get; init; } = [TextTask.TaskName, ImageTask.TaskName];

    /// <summary>Its engines.</summary>
    public EngineOptions Engines { get; init; } = new();

    /// <summary>
    /// How often it looks whether the folder of models names another version than it serves, as after a swap that it missed.
    /// </summary>
    public TimeSpan CatchUp { get; init; } = TimeSpan.FromSeconds(30);
}
