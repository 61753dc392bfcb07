using Cluster.Grains;
using Cluster.Hosting;
using Cluster.Serving;
using WebApi;

namespace Cluster.Gateway;

/// <summary>What the gateway answers.</summary>
internal static class Endpoints
{
    /// <summary>The largest image, in bytes.</summary>
    public const int LargestImage = 5 * 1024 * 1024;

    // Each call goes to the next silo in turn (AnyOrder), whatever the key is.
    private const long AnyKey = 0;

    private const string Page = """
        POST /predict   with {"text": "..."} or {"texts": ["...", "..."]}, as application/json: labels of texts
        POST /image     with a PNG, JPEG, WebP, GIF or BMP file as the body, as image/...: the label of a photograph of clothes
        GET  /models    the versions that each silo serves
        GET  /health    whether there is a silo that serves
        GET  /metrics   for Prometheus

        """;

    /// <summary>Adds the endpoints.</summary>
    /// <param name="app">The application.</param>
    public static void Map(WebApplication app)
    {
        app.MapGet("/", () => Page);
        app.MapPost("/predict", PredictAsync);
        app.MapPost("/image", ImageAsync);
        app.MapGet("/models", async (Rollout rollout) => Results.Json(await rollout.ReportAsync(), TextBody.Json));
    }

    private static Task<IResult> PredictAsync(HttpContext context, Dispatcher dispatcher, IClusterClient grains) =>
        RefuseAsync(context, () => ClassifyTextsAsync(context, dispatcher, GrainOf<ITextClassifier>(grains)));

    private static Task<IResult> ImageAsync(HttpContext context, Dispatcher dispatcher, IClusterClient grains) =>
        RefuseAsync(context, () => ClassifyImageAsync(context, dispatcher, GrainOf<IImageClassifier>(grains)));

    private static TGrain GrainOf<TGrain>(IClusterClient grains)
        where TGrain : IGrainWithIntegerKey
    {
        try
        {
            return grains.GetGrain<TGrain>(AnyKey);
        }
        catch (ArgumentException)
        {
            throw new BadHttpRequestException("No silo serves this task.", StatusCodes.Status501NotImplemented);
        }
    }

    private static async Task<IResult> ClassifyTextsAsync(HttpContext context, Dispatcher dispatcher, ITextClassifier classifier)
    {
        var body = await TextBody.ReadAsync(context.Request, TextClassifierGrain.MostTexts, context.RequestAborted);
        if (body.Fault is { } fault)
            return Refusal.Of(fault, body.Status);
        var reply = await dispatcher.AskAsync(
            TextTask.TaskName, token => classifier.ClassifyAsync(body.Texts, token), context.RequestAborted);
        return ResultOf(context, reply, body.IsList);
    }

    private static async Task<IResult> ClassifyImageAsync(HttpContext context, Dispatcher dispatcher, IImageClassifier classifier)
    {
        if (context.Request.ContentType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) != true)
            return Refusal.Of("The body is to be image/png, image/jpeg or the like.", StatusCodes.Status415UnsupportedMediaType);
        byte[] file = await BytesBody.ReadAsync(context.Request.Body, context.RequestAborted);
        var reply = await dispatcher.AskAsync(ImageTask.TaskName, token => classifier.ClassifyAsync(file, token), context.RequestAborted);
        return ResultOf(context, reply, isList: false);
    }

    private static IResult ResultOf(HttpContext context, Reply reply, bool isList)
    {
        if (reply.IsBusy)
            return Refusal.Busy(context);
        if (reply.Fault is { } fault)
            return Refusal.Of(fault, StatusCodes.Status400BadRequest);
        if (isList)
            return Results.Json(new ListAnswer(reply.Answers, reply.Version, reply.Silo), TextBody.Json);
        var only = reply.Answers[0];
        return Results.Json(new SingleAnswer(only.PredictedLabel, only.Score, reply.Version, reply.Silo), TextBody.Json);
    }

    private static async Task<IResult> RefuseAsync(HttpContext context, Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (BadHttpRequestException e)
        {
            return Refusal.Of(e.Message, e.StatusCode);
        }
        catch (NoAnswerException e)
        {
            return Refusal.Of(e.Message, e.IsTimeout ? StatusCodes.Status504GatewayTimeout : StatusCodes.Status502BadGateway);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read a response, and nothing has failed.
            return Results.StatusCode(StatusCodes.Status499ClientClosedRequest);
        }
    }
}
