using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Features;

namespace Playground;

/// <summary>
/// A streamed response: JSON objects, one a line. <c>{"stage", "share"}</c> says what is going on, the last line is <c>{"result"}</c> or
/// <c>{"error"}</c>.
/// </summary>
internal static class JsonLines
{
    private static readonly byte[] End = [(byte)'\n'];

    /// <summary>Does some work and streams how it goes.</summary>
    /// <param name="context">The request; when it is given up, the work is cancelled.</param>
    /// <param name="work">The work. What it reports is written as it comes.</param>
    public static async Task AnswerAsync(HttpContext context, Func<IProgress<Step>, CancellationToken, Task<object>> work)
    {
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        context.Response.ContentType = "application/x-ndjson";
        var cancellation = context.RequestAborted;
        var steps = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleReader = true });
        var done = RunAsync(context, work, steps.Writer, cancellation);
        try
        {
            await foreach (object step in steps.Reader.ReadAllAsync(cancellation))
            {
                await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(step, JsonSerializerOptions.Web), cancellation);
                await context.Response.Body.WriteAsync(End, cancellation);
                await context.Response.Body.FlushAsync(cancellation);
            }
        }
        finally
        {
            await done;
        }
    }

    private static async Task RunAsync(
        HttpContext context,
        Func<IProgress<Step>, CancellationToken, Task<object>> work,
        ChannelWriter<object> lines,
        CancellationToken cancellation)
    {
        try
        {
            lines.TryWrite(new { result = await work(new Reporter(lines), cancellation) });
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Nobody reads on.
        }
        catch (Exception e)
        {
            lines.TryWrite(new { error = Failures.Describe(e, context).Message });
        }
        finally
        {
            lines.Complete();
        }
    }

    /// <summary>What is going on.</summary>
    /// <param name="Stage">In words.</param>
    /// <param name="Share">The share that is done, up to 1; null where nobody knows.</param>
    internal sealed record Step(string Stage, double? Share = null);

    // Progress<T> would hand reports to other threads, which may change their order.
    private sealed class Reporter(ChannelWriter<object> lines) : IProgress<Step>
    {
        public void Report(Step value) => lines.TryWrite(value);
    }
}
