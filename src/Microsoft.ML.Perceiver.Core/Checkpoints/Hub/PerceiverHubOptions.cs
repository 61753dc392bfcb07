namespace Microsoft.ML.Perceiver;

/// <summary>
/// How a checkpoint is fetched from the hub. What is null here is as the environment says, by the names that Python's <c>huggingface_hub</c>
/// uses.
/// </summary>
public sealed record PerceiverHubOptions
{
    /// <summary>
    /// The folder of the cache; null for HF_HUB_CACHE, else <c>hub</c> in HF_HOME, else <c>huggingface/hub</c> in XDG_CACHE_HOME or ~/.cache.
    /// </summary>
    public string? CacheDirectory { get; init; }

    /// <summary>The hub's address; null for HF_ENDPOINT, else https://huggingface.co.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The token that private and gated models ask for; null for HF_TOKEN, empty for none. It is sent to the endpoint alone.</summary>
    public string? Token { get; init; }

    /// <summary>Whether only the cache is looked at; null for HF_HUB_OFFLINE.</summary>
    public bool? Offline { get; init; }

    /// <summary>How often a request is tried that failed for a reason that may pass, 1 at least. The default is 5.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The pause after the first failure; it doubles each time, up to 32 times. The default is half a second.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How long the hub may say nothing before a request counts as failed. The default is 30 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Told of each file's bytes as they come.</summary>
    public IProgress<PerceiverHubProgress>? Progress { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Attempts, 1, nameof(Attempts));
        ArgumentOutOfRangeException.ThrowIfLessThan(RetryDelay, TimeSpan.Zero, nameof(RetryDelay));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Timeout, TimeSpan.Zero, nameof(Timeout));
    }
}
