using Yarp.ReverseProxy.Forwarder;

namespace Cluster.Proxy;

/// <summary>
/// Sends a request to the next server where the first one is gone, which YARP by itself does not: a prediction changes nothing, so that it
/// may be made twice. A server that says it is busy (503) is believed for all of them: its Retry-After goes to the client.
/// </summary>
internal static class NextServer
{
    /// <summary>The header of a response that names the server.</summary>
    public const string Header = "X-Served-By";

    /// <summary>The step of the proxy's pipeline.</summary>
    /// <param name="context">The request.</param>
    /// <param name="next">The next step, which chooses a server and sends the request.</param>
    public static async Task TryAsync(HttpContext context, RequestDelegate next)
    {
        // So that the body can be read again; it is bounded.
        context.Request.EnableBuffering();
        var proxy = context.GetReverseProxyFeature();
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[Header] = proxy.ProxiedDestination?.DestinationId;
            return Task.CompletedTask;
        });
        // The next step leaves the one that it chose.
        var left = proxy.AvailableDestinations;
        while (true)
        {
            await next(context);
            if (!IsGone(context) || proxy.ProxiedDestination is not { } gone)
                return;
            left = [.. left.Where(d => d != gone)];
            if (left.Count == 0)
                return;
            context.Response.Clear();
            context.Features.Set<IForwarderErrorFeature>(null);
            context.Request.Body.Position = 0;
            proxy.AvailableDestinations = left;
            proxy.ProxiedDestination = null;
        }
    }

    private static bool IsGone(HttpContext context) =>
        !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested
        && context.GetForwarderErrorFeature()?.Error is ForwarderError.Request or ForwarderError.RequestBodyDestination;
}
