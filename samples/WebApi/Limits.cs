using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace WebApi;

/// <summary>The bounds of the queue and of what one client sends, by ASP.NET Core's rate limiter.</summary>
internal static class Limits
{
    /// <summary>The policy of addresses that use the model.</summary>
    public const string Queue = "queue";

    /// <summary>Sets the limits.</summary>
    /// <param name="limiter">The rate limiter's options.</param>
    /// <param name="options">The server's.</param>
    /// <param name="engines">How many requests are scored at once.</param>
    public static void Set(RateLimiterOptions limiter, ServerOptions options, int engines)
    {
        limiter.OnRejected = RefuseAsync;
        limiter.AddConcurrencyLimiter(Queue, queue => queue.PermitLimit = engines + options.MostWaiting);
        if (options.RequestsPerSecond is { } rate)
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => ByAddress(context, rate));
    }

    private static RateLimitPartition<string> ByAddress(HttpContext context, int rate) => RateLimitPartition.GetFixedWindowLimiter(
        context.Connection.RemoteIpAddress?.ToString() ?? "",
        _ => new FixedWindowRateLimiterOptions { PermitLimit = rate, Window = TimeSpan.FromSeconds(1) });

    // Too many of one client says when it may come again; a full queue is the server's own matter.
    private static async ValueTask RefuseAsync(OnRejectedContext rejected, CancellationToken cancellation)
    {
        bool isClient = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait);
        var response = rejected.HttpContext.Response;
        response.StatusCode = isClient ? StatusCodes.Status429TooManyRequests : StatusCodes.Status503ServiceUnavailable;
        response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        string detail = isClient ? "You send too many requests." : "Too many requests wait.";
        await Results.Problem(detail, statusCode: response.StatusCode, title: "The request cannot be answered.")
            .ExecuteAsync(rejected.HttpContext);
    }
}
