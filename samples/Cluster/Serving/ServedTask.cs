using Cluster.Grains;

namespace Cluster.Serving;

/// <summary>A task that a silo serves, whatever its inputs are.</summary>
internal abstract class ServedTask
{
    /// <summary>Its name: the folder of its models.</summary>
    public abstract string Name { get; }

    /// <summary>The version that is served; null before the first one is.</summary>
    public abstract string? Version { get; }

    /// <summary>Versions in memory.</summary>
    public abstract IReadOnlyList<string> InMemory { get; }

    /// <summary>Loads a version beside the one that is served, and serves it from then on.</summary>
    /// <param name="version">The version.</param>
    /// <exception cref="ModelSwapException">It cannot be served.</exception>
    public abstract Task ServeAsync(string version);
}
