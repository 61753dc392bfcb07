namespace Microsoft.ML.Perceiver;

/// <summary>The options, completed by the environment's variables.</summary>
internal sealed record HubSettings
{
    // Two requests that get no answer, or one after several quick errors, end within 10 s.
    private static readonly TimeSpan UpdateTimeout = TimeSpan.FromSeconds(3.5);
    private static readonly TimeSpan UpdatePatience = TimeSpan.FromSeconds(6);

    internal HubSettings(PerceiverHubOptions options)
    {
        options.Validate();
        Options = options;
        CacheDirectory = Path.GetFullPath(
            options.CacheDirectory is { } cache ? HubEnvironment.Expand(cache) : HubEnvironment.CacheDirectory);
        Token = CleanToken(options.Token ?? HubEnvironment.Token);
        Offline = options.Offline ?? HubEnvironment.Offline;
        string endpoint = options.Endpoint ?? HubEnvironment.Variable("HF_ENDPOINT") ?? "https://huggingface.co";
        Endpoint = Uri.TryCreate(endpoint.TrimEnd('/') + "/", UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https")
            ? uri
            : throw new ArgumentException($"'{endpoint}' is no address of a hub.", nameof(options));
    }

    internal PerceiverHubOptions Options { get; private init; }

    /// <summary>For how long, after the start or the last progress, a request is attempted; null for no limit.</summary>
    internal TimeSpan? Patience { get; private init; }

    /// <summary>The most bytes of weights whose length the hub does not state; a body may be endless.</summary>
    internal long LongestOfUnknownLength { get; init; } = 4L << 30;

    internal string CacheDirectory { get; }

    /// <summary>The hub's address, with a slash at its end.</summary>
    internal Uri Endpoint { get; }

    internal string? Token { get; }

    internal bool Offline { get; }

    /// <summary>The settings where the cache has the model and the hub is only asked for an update.</summary>
    internal HubSettings ForUpdate() => this with
    {
        Options = Options with { Timeout = Options.Timeout < UpdateTimeout ? Options.Timeout : UpdateTimeout },
        Patience = UpdatePatience,
    };

    // Files and copied texts end in a newline, which no header may have.
    private static string? CleanToken(string? text)
    {
        string token = string.Concat((text ?? "").Split('\r', '\n')).Trim();
        if (token.Any(c => c is <= ' ' or > '~'))
            throw new ArgumentException("The token for the hub has a character that no token has.", nameof(PerceiverHubOptions.Token));
        return token.Length > 0 ? token : null;
    }
}
