namespace Cluster.Demo;

/// <summary>The demonstration.</summary>
internal sealed record DemoOptions
{
    /// <summary>The folder of models; null for one that is deleted at the end.</summary>
    public string? Models { get; init; }

    /// <summary>Requests of the measurement of the silos' shares.</summary>
    public int Requests { get; init; } = 2000;

    /// <summary>How long requests are sent before and after a silo is killed, and a model swapped.</summary>
    public TimeSpan Around { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>A file for the figures; null for none.</summary>
    public string? Summary { get; init; }
}
