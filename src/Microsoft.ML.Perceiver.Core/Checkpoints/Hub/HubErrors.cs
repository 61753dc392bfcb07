using System.Net;

namespace Microsoft.ML.Perceiver;

/// <summary>What an answer of the hub that is none means.</summary>
internal static class HubErrors
{
    internal static Exception Of(HttpResponseMessage response, Uri address)
    {
        string code = response.Headers.TryGetValues("X-Error-Code", out var values) ? $", {values.First()}" : "";
        string said = $"'{address}' answered {(int)response.StatusCode}{code}";
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                new UnauthorizedAccessException($"{said}: the model is private, gated or not there. A token in HF_TOKEN, or in the options, may open it."),
            HttpStatusCode.NotFound => new FileNotFoundException($"{said}: there is no such model, revision or file."),
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError =>
                new HubTransientException(new HttpRequestException($"{said}.", null, response.StatusCode), RetryAfter(response)),
            _ => new HttpRequestException($"{said}.", null, response.StatusCode),
        };
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } header ? header.Delta ?? (header.Date - DateTimeOffset.UtcNow) : null;
}
