using System.Text.Json;
using Microsoft.ML.Perceiver;
using Pool = Microsoft.ML.Perceiver.PerceiverPool<TextClassification.MyModel.ModelInput, TextClassification.MyModel.ModelOutput>;

namespace WebApi;

/// <summary>POST /predict: {"text": ...} to a label and the probability of each.</summary>
internal static class PredictEndpoint
{
    /// <summary>The largest body that is read, in bytes: the model reads the first 512 bytes of a text.</summary>
    public const int LargestBody = 64 * 1024;

    /// <summary>The names of the response's and the request's properties, as the web writes them.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);

    /// <summary>Adds the endpoint.</summary>
    /// <param name="app">The application.</param>
    public static void Map(WebApplication app) => app.MapPost("/predict", AnswerAsync);

    private static async Task<IResult> AnswerAsync(HttpContext context, Pool pool)
    {
        if (!context.Request.HasJsonContentType())
            return Refusal("The body is to be application/json.", StatusCodes.Status415UnsupportedMediaType);
        try
        {
            var (text, fault, status) = await ReadAsync(context.Request, context.RequestAborted);
            if (fault is not null)
                return Refusal(fault, status);
            var input = new TextClassification.MyModel.ModelInput { Text = text! };
            return Results.Json(Answer.Of(await pool.PredictWithSchemaAsync(input, context.RequestAborted)), Json);
        }
        catch (PerceiverQueueFullException)
        {
            context.Response.Headers.RetryAfter = "1";
            return Refusal("Too many requests wait.", StatusCodes.Status503ServiceUnavailable);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read a response, and nothing has failed.
            return Results.StatusCode(StatusCodes.Status499ClientClosedRequest);
        }
    }

    private static IResult Refusal(string fault, int status) =>
        Results.Problem(fault, statusCode: status, title: "The request cannot be answered.");

    private static async Task<(string? Text, string? Fault, int Status)> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            var (text, fault) = await ParseAsync(request.Body, cancellation);
            return (text, fault, StatusCodes.Status400BadRequest);
        }
        catch (BadHttpRequestException e)
        {
            // The server itself refuses it: it is too large, or breaks off.
            return (null, e.Message, e.StatusCode);
        }
    }

    private static async Task<(string? Text, string? Fault)> ParseAsync(Stream request, CancellationToken cancellation)
    {
        const string Example = "It is to be {\"text\": \"...\"}.";
        try
        {
            var body = await JsonSerializer.DeserializeAsync<JsonElement>(request, Json, cancellation);
            if (body.ValueKind != JsonValueKind.Object)
                return (null, $"The body is JSON, but no object. {Example}");
            if (!body.TryGetProperty("text", out var value))
                return (null, $"The body has no \"text\". {Example}");
            if (value.ValueKind != JsonValueKind.String)
                return (null, $"\"text\" is no string. {Example}");
            // Half a surrogate pair is JSON, but no text.
            string text = value.GetString()!;
            return text.Length > 0 ? (text, null) : (null, "\"text\" is empty.");
        }
        catch (JsonException e)
        {
            return (null, $"The body is no JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine}). {Example}");
        }
        catch (InvalidOperationException)
        {
            return (null, "\"text\" is no valid Unicode.");
        }
    }
}
