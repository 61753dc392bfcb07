namespace Cluster.Grains;

/// <summary>What a silo serves.</summary>
[GenerateSerializer, Immutable, Alias("perceiver.silo-report")]
internal sealed record SiloReport
{
    /// <summary>The silo, as ADDRESS:PORT.</summary>
    [Id(0)]
    public required string Silo { get; init; }

    /// <summary>The version that is served, by task.</summary>
    [Id(1)]
    public required Dictionary<string, string> Versions { get; init; }

    /// <summary>Versions in memory, by task: more than one while requests of an older one have not ended.</summary>
    [Id(2)]
    public required Dictionary<string, string[]> InMemory { get; init; }

    /// <summary>Inputs that are classified or wait.</summary>
    [Id(3)]
    public required int PlacesTaken { get; init; }

    /// <summary>How many may be.</summary>
    [Id(4)]
    public required int Places { get; init; }
}
