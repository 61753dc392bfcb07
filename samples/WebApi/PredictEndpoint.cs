using Microsoft.ML.Perceiver;
using Pool = Microsoft.ML.Perceiver.PerceiverPool<TextClassification.MyModel.ModelInput, TextClassification.MyModel.ModelOutput>;

namespace WebApi;

/// <summary>POST /predict: {"text": ...} to a label and the probability of each.</summary>
internal static class PredictEndpoint
{
    /// <summary>Adds the endpoint.</summary>
    /// <param name="app">The application.</param>
    public static void Map(WebApplication app) => app.MapPost("/predict", AnswerAsync);

    private static async Task<IResult> AnswerAsync(HttpContext context, Pool pool)
    {
        try
        {
            var body = await TextBody.ReadAsync(context.Request, mostTexts: 0, context.RequestAborted);
            if (body.Fault is { } fault)
                return Refusal.Of(fault, body.Status);
            var input = new TextClassification.MyModel.ModelInput { Text = body.Texts[0] };
            return Results.Json(Answer.Of(await pool.PredictWithSchemaAsync(input, context.RequestAborted)), TextBody.Json);
        }
        catch (PerceiverQueueFullException)
        {
            return Refusal.Busy(context);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read a response, and nothing has failed.
            return Results.StatusCode(StatusCodes.Status499ClientClosedRequest);
        }
    }
}
