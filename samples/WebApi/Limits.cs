using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace WebApi;

/// <summary>The bounds of what one client sends, by ASP.NET Core's rate limiter; the queue is the pool's.</summary>
internal static class Limits
{
    /// <summary>Sets the limits.</summary>
    /// <param name="limiter">The rate limiter's options.</param>
    /// <param name="options">The server's.</param>
    public static void Set(RateLimiterOptions limiter, ServerOptions options)
    {
        limiter.OnRejected = RefuseAsync;
        if (options.RequestsPerSecond is { } rate)
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => ByAddress(context, rate));
    }

    private static RateLimitPartition<string> ByAddress(HttpContext context, int rate) => RateLimitPartition.GetFixedWindowLimiter(
        context.Connection.RemoteIpAddress?.ToString() ?? "",
        _ => new FixedWindowRateLimiterOptions { PermitLimit = rate, Window = TimeSpan.FromSeconds(1) });

    // Too many of one client says when it may come again.
    private static async ValueTask RefuseAsync(OnRejectedContext rejected, CancellationToken cancellation)
    {
        rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait);
        var response = rejected.HttpContext.Response;
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        await Results.Problem("You send too many requests.", statusCode: response.StatusCode, title: "The request cannot be answered.")
            .ExecuteAsync(rejected.HttpContext);
    }
}
