using System.Net;

namespace Microsoft.ML.Perceiver;

/// <summary>The exception for a response of the hub with an error status.</summary>
internal static class HubErrors
{
    private const string Code = "X-Error-Code";

    internal static Exception Of(HttpResponseMessage response, Uri address)
    {
        string? code = response.Headers.TryGetValues(Code, out var values) ? values.First() : null;
        string status = $"'{address}' answered {(int)response.StatusCode}{(code is null ? "" : ", " + code)}";
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                new UnauthorizedAccessException(
                    $"{status}: the model is private, gated or not there. A token in HF_TOKEN, or in the options, may open it."),
            HttpStatusCode.NotFound =>
                new FileNotFoundException($"{status}: there is no such model, revision or file.") { Data = { [Code] = code } },
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError =>
                new HubTransientException(new HttpRequestException($"{status}.", null, response.StatusCode), RetryAfter(response)),
            _ => new HttpRequestException($"{status}.", null, response.StatusCode),
        };
    }

    /// <summary>
    /// Whether a model in the cache is used instead: after errors of the hub, of what stands between, and of a cache that cannot be
    /// written. The hub's word that it knows no such revision is believed.
    /// </summary>
    internal static bool LeaveCacheUsable(Exception e) =>
        e is HttpRequestException or IOException or UnauthorizedAccessException or FormatException
        && e.Data[Code] is not "RevisionNotFound";

    private static TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } header ? header.Delta ?? (header.Date - DateTimeOffset.UtcNow) : null;
}

/// <summary>A transient error, after which a request is tried again.</summary>
/// <param name="cause">The exception for the caller when no attempt succeeds.</param>
/// <param name="retryAfter">How long to wait, where the hub says so.</param>
internal sealed class HubTransientException(Exception cause, TimeSpan? retryAfter = null) : Exception(cause.Message, cause)
{
    internal Exception Cause { get; } = cause;

    internal TimeSpan? RetryAfter { get; } = retryAfter;
}
