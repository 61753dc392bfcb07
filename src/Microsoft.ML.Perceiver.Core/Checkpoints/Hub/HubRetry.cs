using System.Diagnostics;

namespace Microsoft.ML.Perceiver;

/// <summary>Retries requests after transient errors.</summary>
internal static class HubRetry
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>Runs a request until it succeeds or all attempts failed.</summary>
    /// <param name="settings">The number of attempts, the pauses between them, and the patience.</param>
    /// <param name="run">The request.</param>
    /// <param name="cancellationToken">Ends the pauses.</param>
    /// <param name="progress">
    /// The bytes received so far; after an attempt that received more than all before, counting starts again.
    /// </param>
    internal static async Task<T> RunAsync<T>(
        HubSettings settings, Func<Task<T>> run, CancellationToken cancellationToken, Func<long>? progress = null)
    {
        long best = progress?.Invoke() ?? 0;
        var watch = Stopwatch.StartNew();
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await run().ConfigureAwait(false);
            }
            catch (HubTransientException e) when (attempt < settings.Options.Attempts || progress?.Invoke() > best)
            {
                if (progress?.Invoke() is { } reached && reached > best)
                {
                    (best, attempt) = (reached, 0);
                    watch.Restart();
                }

                var pause = settings.Options.RetryDelay * (1 << Math.Clamp(attempt - 1, 0, 5));
                if (e.RetryAfter > pause)
                    pause = e.RetryAfter.Value < LongestPause ? e.RetryAfter.Value : LongestPause;
                if (watch.Elapsed + pause > settings.Patience)
                    throw e.Cause;
                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            }
            catch (HubTransientException e)
            {
                throw e.Cause;
            }
        }
    }
}
