namespace Microsoft.ML.Perceiver;

/// <summary>Handlers of HTTP requests that the program gives.</summary>
internal static class HubHandler
{
    /// <summary>
    /// Turns off that the handler follows redirects: the hub describes a file in the headers of a redirect, which would be lost.
    /// </summary>
    /// <exception cref="ArgumentException">The handler follows redirects and has sent requests, so that it cannot be changed.</exception>
    internal static HttpMessageHandler WithoutRedirects(HttpMessageHandler handler)
    {
        var last = handler;
        while (last is DelegatingHandler { InnerHandler: { } inner })
            last = inner;
        try
        {
            if (last is HttpClientHandler { AllowAutoRedirect: true } client)
                client.AllowAutoRedirect = false;
            else if (last is SocketsHttpHandler { AllowAutoRedirect: true } sockets)
                sockets.AllowAutoRedirect = false;
        }
        catch (InvalidOperationException e)
        {
            throw new ArgumentException(
                $"The {last.GetType().Name} follows redirects and is in use already; give one with AllowAutoRedirect = false.",
                nameof(PerceiverHubOptions.HttpHandler),
                e);
        }

        return handler;
    }
}
