namespace WebApi;

/// <summary>What the server takes from whom.</summary>
internal sealed record ServerOptions
{
    /// <summary>
    /// The names that a request may call the server by: a page of a stranger whose own name leads to this machine (DNS rebinding) is
    /// refused by them.
    /// </summary>
    public IReadOnlyList<string> Hosts { get; init; } = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Requests that may wait beside those that are scored; further ones are 503.</summary>
    public int MostWaiting { get; init; } = 1000;

    /// <summary>Requests that one address may send in a second; further ones are 429. Null for no limit.</summary>
    public int? RequestsPerSecond { get; init; }
}
