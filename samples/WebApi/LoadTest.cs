using System.Diagnostics;

namespace WebApi;

/// <summary>
/// Many clients that send requests without a pause, each over a connection of its own, and compare every response with Transform's.
/// </summary>
internal sealed class LoadTest(Uri address, IReadOnlyList<string> texts, IReadOnlyList<Answer> expected)
{
    /// <summary>Scores are rounded otherwise in a batch of one.</summary>
    public const float Tolerance = 1e-5f;

    private readonly LatencyHistogram _latencies = new();
    private long _requests, _errors, _errorsBeforeSwap;
    private string? _firstError;
    private volatile bool _counting;

    /// <summary>Runs.</summary>
    /// <param name="clients">How many send requests at once.</param>
    /// <param name="warmUp">How long they send requests before anything is counted but errors.</param>
    /// <param name="duration">For how long they send requests then.</param>
    /// <param name="swap">Done in the middle of it, such as a swap of the model; null for nothing.</param>
    public async Task<LoadTestResult> RunAsync(int clients, TimeSpan warmUp, TimeSpan duration, Func<Task>? swap = null)
    {
        using var end = new CancellationTokenSource();
        var running = Enumerable.Range(0, clients).Select(i => Task.Run(() => SendAsync(i, end.Token))).ToArray();
        await Task.Delay(warmUp);
        _counting = true;
        var memory = new MemoryRecord();
        end.CancelAfter(duration);
        var swapping = swap is null ? Task.CompletedTask : SwapAsync(swap, duration / 2);
        while (!end.IsCancellationRequested)
        {
            memory.Add();
            await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(500), end.Token));
        }

        await Task.WhenAll(running);
        await swapping;
        return new LoadTestResult(
            _requests, _errors, _latencies.Percentile(0.5), _latencies.Percentile(0.99), memory.GrowthPercent(), _firstError)
        {
            SwapFailures = swap is null ? 0 : _errors - _errorsBeforeSwap,
        };
    }

    private async Task SwapAsync(Func<Task> swap, TimeSpan wait)
    {
        await Task.Delay(wait);
        _errorsBeforeSwap = Interlocked.Read(ref _errors);
        try
        {
            await swap();
        }
        catch (Exception e) when (e is IOException or FormatException or InvalidOperationException or ArgumentException)
        {
            Interlocked.Increment(ref _errors);
            Interlocked.CompareExchange(ref _firstError, $"The swap: {e.Message}", null);
        }
    }

    private async Task SendAsync(int client, CancellationToken end)
    {
        using var http = new HttpClient { BaseAddress = address };
        for (int i = client; !end.IsCancellationRequested; i++)
        {
            int which = i * 31 % texts.Count;
            var clock = Stopwatch.StartNew();
            string? error = await ErrorOfAsync(http, which);
            if (_counting)
            {
                _latencies.Add(clock.Elapsed);
                Interlocked.Increment(ref _requests);
            }

            if (error is null)
                continue;
            Interlocked.Increment(ref _errors);
            Interlocked.CompareExchange(ref _firstError, error, null);
        }
    }

    // The last request of each client is waited for, so that none is cut off and counted as an error.
    private async Task<string?> ErrorOfAsync(HttpClient http, int which)
    {
        try
        {
            using var response = await http.PostAsJsonAsync("/predict", new { text = texts[which] });
            if (!response.IsSuccessStatusCode)
                return $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}";
            var answer = await response.Content.ReadFromJsonAsync<Answer>(TextBody.Json);
            return expected[which].Equals(answer, Tolerance) ? null : $"'{texts[which]}': {answer} is not Transform's {expected[which]}.";
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or System.Text.Json.JsonException)
        {
            return e.Message;
        }
    }
}
