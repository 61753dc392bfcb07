using System.Net;

namespace Playground;

/// <summary>Lets this machine's own page in, and nobody else: no other host name, and no page of another site.</summary>
internal static class PageSecurity
{
    // Images and clips are shown from memory, hence blob:.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src blob:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>The step of the pipeline.</summary>
    public static async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        if (IsOwn(context.Request))
        {
            await next(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        var refusal = new { error = "The playground answers its own page on this machine only." };
        await context.Response.WriteAsJsonAsync(refusal, context.RequestAborted);
    }

    // A site elsewhere may point its own name at 127.0.0.1, or send a form here.
    private static bool IsOwn(HttpRequest request)
    {
        string host = request.Host.Host;
        bool local = host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
        string origin = request.Headers.Origin.ToString();
        return local && (origin.Length == 0 || origin == $"{request.Scheme}://{request.Host}");
    }
}
