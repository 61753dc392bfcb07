using Cluster.Grains;
using Cluster.Hosting;

namespace Cluster.Gateway;

/// <summary>
/// Sends a request to a silo, and to the next one where that is busy or gone. A prediction changes nothing, so that it may be made twice.
/// </summary>
/// <param name="metrics">Counts the attempts.</param>
/// <param name="options">How long it tries.</param>
internal sealed class Dispatcher(GatewayMetrics metrics, GatewayOptions options)
{
    /// <summary>Calls until a silo answers.</summary>
    /// <param name="task">The task's name, for the metrics.</param>
    /// <param name="call">Calls the next silo.</param>
    /// <param name="cancellation">Ends the wait, as where the client has gone.</param>
    /// <returns>The answer; a busy one where all were busy.</returns>
    /// <exception cref="NoAnswerException">No silo answered in time.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<Reply> AskAsync(string task, Func<CancellationToken, Task<Reply>> call, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(options.Timeout);
        string last = "";
        for (int attempt = 1; ; attempt++)
        {
            var (reply, fault) = await TryAsync(call, deadline.Token, cancellation);
            if (reply is { IsBusy: false })
            {
                metrics.Answered(task, reply.Silo);
                return reply;
            }

            last = fault ?? last;
            bool isLast = attempt == options.MostAttempts;
            if (isLast && reply is not null)
                return reply;
            if (isLast || deadline.IsCancellationRequested)
                throw new NoAnswerException(deadline.IsCancellationRequested, attempt, last);
            metrics.Retried(task, reply is null ? "gone" : "busy");
            // The first one at once: another silo may well have a place.
            await WaitAsync(attempt, deadline.Token, cancellation);
        }
    }

    // A fault of the way is returned, so that another silo is tried; that of a request is thrown.
    private async Task<(Reply? Reply, string? Fault)> TryAsync(
        Func<CancellationToken, Task<Reply>> call, CancellationToken deadline, CancellationToken cancellation)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(deadline);
        attempt.CancelAfter(options.AttemptTimeout);
        try
        {
            // The call ends by its token once the silo says so; a silo that is gone says nothing.
            return (await call(attempt.Token).WaitAsync(attempt.Token), null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, "a silo did not answer in time");
        }
        catch (Exception e) when (Transient.Is(e))
        {
            return (null, e.Message);
        }
    }

    private static async Task WaitAsync(int attempt, CancellationToken deadline, CancellationToken cancellation)
    {
        if (attempt == 1)
            return;
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(10 << (attempt - 2), 200)), deadline);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The next attempt says that the time is up.
        }
    }
}
