namespace Microsoft.ML.Perceiver;

/// <summary>Tries again what failed for a reason that may pass.</summary>
internal static class HubRetry
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>Runs until it succeeds or the attempts are used up.</summary>
    /// <param name="options">How often, and with what pauses.</param>
    /// <param name="run">What is tried.</param>
    /// <param name="cancellationToken">Ends the pauses.</param>
    /// <param name="progress">How far the tries have come; after one that came further than all before, the attempts count anew.</param>
    internal static async Task<T> RunAsync<T>(PerceiverHubOptions options, Func<Task<T>> run, CancellationToken cancellationToken, Func<long>? progress = null)
    {
        long best = progress?.Invoke() ?? 0;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await run().ConfigureAwait(false);
            }
            catch (HubTransientException e) when (attempt < options.Attempts || progress?.Invoke() > best)
            {
                if (progress?.Invoke() is { } reached && reached > best)
                    (best, attempt) = (reached, 0);
                var pause = options.RetryDelay * (1 << Math.Clamp(attempt - 1, 0, 5));
                if (e.RetryAfter > pause)
                    pause = e.RetryAfter.Value < LongestPause ? e.RetryAfter.Value : LongestPause;
                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            }
            catch (HubTransientException e)
            {
                throw e.Cause;
            }
        }
    }
}
