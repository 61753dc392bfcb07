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
        string? cache = options.CacheDirectory ?? Variable("HF_HUB_CACHE") ?? Variable("HUGGINGFACE_HUB_CACHE");
        CacheDirectory = Path.GetFullPath(cache ?? Path.Combine(Home(), "hub"));
        Token = (options.Token ?? Variable("HF_TOKEN")) is { Length: > 0 } token ? token : null;
        Offline = options.Offline ?? (Variable("HF_HUB_OFFLINE")?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE");
        string endpoint = options.Endpoint ?? Variable("HF_ENDPOINT") ?? "https://huggingface.co";
        Endpoint = Uri.TryCreate(endpoint.TrimEnd('/') + "/", UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https")
            ? uri
            : throw new ArgumentException($"'{endpoint}' is no address of a hub.", nameof(options));
    }

    internal PerceiverHubOptions Options { get; private init; }

    /// <summary>For how long, after the start or the last progress, a request is attempted; null for no limit.</summary>
    internal TimeSpan? Patience { get; private init; }

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

    private static string Home()
    {
        if (Variable("HF_HOME") is { } home)
            return home;
        string user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.Combine(Variable("XDG_CACHE_HOME") ?? Path.Combine(user, ".cache"), "huggingface");
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value.Trim() : null;
}
