using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// How a checkpoint is downloaded from the hub. Settings that are null are taken from the environment's variables that Python's
/// <c>huggingface_hub</c> uses.
/// </summary>
public sealed record PerceiverHubOptions
{
    /// <summary>
    /// The folder of the cache; null for HF_HUB_CACHE, else <c>hub</c> in HF_HOME, else <c>huggingface/hub</c> in XDG_CACHE_HOME or
    /// ~/.cache. A <c>~</c> at its beginning and variables such as <c>$HOME</c> are replaced, here and in the environment's variables.
    /// </summary>
    public string? CacheDirectory { get; init; }

    /// <summary>The hub's address; null for HF_ENDPOINT, else https://huggingface.co.</summary>
    public string? Endpoint { get; init; }

    /// <summary>
    /// The token for private and gated models; null for HF_TOKEN, else that of <c>hf auth login</c> (the file at HF_TOKEN_PATH, else
    /// <c>token</c> in HF_HOME); empty for none. White space around it and newlines are dropped. It is sent to the endpoint only.
    /// </summary>
    public string? Token { get; init; }

    /// <summary>Whether only the cache is used; null for HF_HUB_OFFLINE, else TRANSFORMERS_OFFLINE.</summary>
    public bool? Offline { get; init; }

    /// <summary>How often a request is attempted that fails with transient errors, at least 1. The default is 5.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The pause after the first failure; it doubles each time, up to 32 times. The default is half a second.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>
    /// How long the hub may send nothing before a request counts as failed. The default is 30 seconds. Where the cache has a version of the
    /// model, it is at most 3.5 seconds, and no request is tried for longer than 10 seconds without progress.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets the number of bytes of each file while it is downloaded; null for no reports.</summary>
    public IProgress<PerceiverHubProgress>? Progress { get; init; }

    /// <summary>
    /// Sends the requests, e.g. through a proxy, with telemetry or in a test; null for a handler of this library. It is not disposed.
    /// Redirects are followed by this library: AllowAutoRedirect is turned off where the handler, or the last one of its chain, is .NET's.
    /// </summary>
    public HttpMessageHandler? HttpHandler { get; init; }

    /// <summary>
    /// Gets one warning where the hub cannot be used and the version in the cache is; null, the default, writes it to
    /// <see cref="Trace"/>.
    /// </summary>
    public ILogger? Logger { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Attempts, 1, nameof(Attempts));
        ArgumentOutOfRangeException.ThrowIfLessThan(RetryDelay, TimeSpan.Zero, nameof(RetryDelay));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Timeout, TimeSpan.Zero, nameof(Timeout));
    }
}
