namespace WebApi;

/// <summary>Responses to requests that are not answered, as problem details (RFC 9457).</summary>
internal static class Refusal
{
    /// <summary>A request cannot be answered.</summary>
    /// <param name="fault">Why not.</param>
    /// <param name="status">The status.</param>
    public static IResult Of(string fault, int status) =>
        Results.Problem(fault, statusCode: status, title: "The request cannot be answered.");

    /// <summary>There are too many requests: the client may come again in a second.</summary>
    /// <param name="context">The request.</param>
    public static IResult Busy(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return Of("Too many requests wait.", StatusCodes.Status503ServiceUnavailable);
    }
}
