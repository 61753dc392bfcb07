namespace Cluster.Serving;

/// <summary>How answers name the silo.</summary>
/// <param name="Value">ADDRESS:PORT.</param>
internal sealed record SiloName(string Value);
