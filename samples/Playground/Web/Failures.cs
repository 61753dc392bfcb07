using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Playground;

/// <summary>Turns what goes wrong into a status and a message: <c>{"error": "..."}</c>.</summary>
internal static partial class Failures
{
    /// <summary>The step of the pipeline.</summary>
    public static async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read a response.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var (status, message) = Describe(e, context);
            context.Response.StatusCode = status;
            await context.Response.WriteAsJsonAsync(new { error = message }, context.RequestAborted);
        }
    }

    /// <summary>The status and the message of an exception; what nobody expected goes to the log.</summary>
    public static (int Status, string Message) Describe(Exception exception, HttpContext context)
    {
        switch (exception)
        {
            case UserException user:
                return (user.Status, user.Message);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return (StatusCodes.Status413PayloadTooLarge, UploadLimit.Message(context));
            case BadHttpRequestException bad:
                return (bad.StatusCode, bad.Message);
            case JsonException:
                return (StatusCodes.Status400BadRequest, "The request is no JSON of the expected form.");
            case InvalidDataException:
                return (StatusCodes.Status400BadRequest, "The form is damaged or too large.");
            default:
                var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Playground");
                LogUnexpected(logger, exception, context.Request.Path);
                return (StatusCodes.Status500InternalServerError, "Something went wrong that nobody expected; the console says what.");
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request of {Path} failed")]
    private static partial void LogUnexpected(ILogger logger, Exception exception, string path);
}
