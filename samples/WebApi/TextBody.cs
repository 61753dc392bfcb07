using System.Text.Json;

namespace WebApi;

/// <summary>The body of a request: {"text": ...}, or, where several are taken, {"texts": [...]}.</summary>
/// <param name="Texts">The texts.</param>
/// <param name="IsList">Whether they came as a list.</param>
/// <param name="Fault">What is wrong with it; null where it can be read.</param>
/// <param name="Status">The status of the response where something is wrong.</param>
internal sealed record TextBody(string[] Texts, bool IsList, string? Fault, int Status)
{
    /// <summary>The largest body that is read, in bytes: the model reads the first 512 bytes of a text.</summary>
    public const int LargestBody = 64 * 1024;

    /// <summary>The names of the response's and the request's properties, as the web writes them.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);

    /// <summary>Reads the body of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="mostTexts">How many texts a list may have; 0 where no list is taken.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<TextBody> ReadAsync(HttpRequest request, int mostTexts, CancellationToken cancellation)
    {
        if (!request.HasJsonContentType())
            return Refused("The body is to be application/json.", StatusCodes.Status415UnsupportedMediaType);
        try
        {
            return await ParseAsync(request.Body, mostTexts, cancellation);
        }
        catch (BadHttpRequestException e)
        {
            // The server itself refuses it: it is too large, or breaks off.
            return Refused(e.Message, e.StatusCode);
        }
    }

    private static async Task<TextBody> ParseAsync(Stream request, int mostTexts, CancellationToken cancellation)
    {
        string example = mostTexts > 0 ? "It is to be {\"text\": \"...\"} or {\"texts\": [\"...\"]}." : "It is to be {\"text\": \"...\"}.";
        try
        {
            var body = await JsonSerializer.DeserializeAsync<JsonElement>(request, Json, cancellation);
            if (body.ValueKind != JsonValueKind.Object)
                return Refused($"The body is JSON, but no object. {example}");
            if (mostTexts > 0 && body.TryGetProperty("texts", out var list))
                return OfList(list, mostTexts);
            return body.TryGetProperty("text", out var value) ? Of([value], "\"text\"") : Refused($"The body has no \"text\". {example}");
        }
        catch (JsonException e)
        {
            return Refused($"The body is no JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine}). {example}");
        }
    }

    private static TextBody OfList(JsonElement list, int mostTexts)
    {
        if (list.ValueKind != JsonValueKind.Array)
            return Refused("\"texts\" is no list.");
        int count = list.GetArrayLength();
        return count is > 0 && count <= mostTexts
            ? Of([.. list.EnumerateArray()], "A text of \"texts\"") with { IsList = true }
            : Refused($"\"texts\" has {count} texts; 1 to {mostTexts} may be sent at once.");
    }

    private static TextBody Of(JsonElement[] values, string name)
    {
        if (values.Any(v => v.ValueKind != JsonValueKind.String))
            return Refused($"{name} is no string.");
        try
        {
            string[] texts = [.. values.Select(v => v.GetString()!)];
            return texts.All(t => t.Length > 0) ? new TextBody(texts, false, null, 0) : Refused($"{name} is empty.");
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is JSON, but no text.
            return Refused($"{name} is no valid Unicode.");
        }
    }

    private static TextBody Refused(string fault, int status = StatusCodes.Status400BadRequest) => new([], false, fault, status);
}
