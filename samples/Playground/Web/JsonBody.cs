namespace Playground;

/// <summary>Reads requests of JSON.</summary>
internal static class JsonBody
{
    /// <summary>A request's body; null where it is <c>null</c>.</summary>
    /// <exception cref="UserException">It says that it is something else than JSON.</exception>
    public static ValueTask<T?> ReadAsync<T>(HttpContext context) => context.Request.HasJsonContentType()
        ? context.Request.ReadFromJsonAsync<T>(context.RequestAborted)
        : throw new UserException(StatusCodes.Status415UnsupportedMediaType, "The body is to be JSON (application/json).");
}
