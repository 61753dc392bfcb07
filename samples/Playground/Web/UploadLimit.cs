using System.Buffers;
using Microsoft.AspNetCore.Http.Features;

namespace Playground;

/// <summary>Refuses uploads that are too large, with a message.</summary>
/// <param name="limit">The most bytes.</param>
internal sealed class UploadLimit(int limit)
{
    // A browser that is cut off while it sends shows no response, so what is not absurd is read to its end, and forgotten.
    private const int Patience = 10;
    private static readonly object Key = new();

    /// <summary>What the sender reads.</summary>
    public static string Message(HttpContext context)
    {
        int megabytes = context.Items[Key] is int bytes ? bytes / 1_000_000 : 0;
        return $"The upload is larger than {megabytes} MB, the most that this page takes (--max-upload).";
    }

    /// <summary>The step of the pipeline.</summary>
    public async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        context.Items[Key] = limit;
        if (context.Request.ContentLength > limit)
        {
            if (context.Request.ContentLength <= (long)limit * Patience)
                await ForgetAsync(context);
            throw new UserException(StatusCodes.Status413PayloadTooLarge, Message(context));
        }

        await next(context);
    }

    private static async Task ForgetAsync(HttpContext context)
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) > 0)
            {
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
