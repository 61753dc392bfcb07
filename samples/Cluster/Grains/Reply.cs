namespace Cluster.Grains;

/// <summary>What a silo says to a request.</summary>
[GenerateSerializer, Immutable, Alias("perceiver.reply")]
internal sealed record Reply
{
    /// <summary>The silo, as ADDRESS:PORT.</summary>
    [Id(0)]
    public required string Silo { get; init; }

    /// <summary>The version of the model that made all of <see cref="Answers"/>; empty where there are none.</summary>
    [Id(1)]
    public string Version { get; init; } = "";

    /// <summary>The labels of each input, in the order of the inputs.</summary>
    [Id(2)]
    public Labels[] Answers { get; init; } = [];

    /// <summary>Whether the silo has no place for the request, so that another one is to be asked.</summary>
    [Id(3)]
    public bool IsBusy { get; init; }

    /// <summary>What is wrong with the input; null where it was classified. No other silo would say otherwise.</summary>
    [Id(4)]
    public string? Fault { get; init; }
}
