using System.CommandLine;
using Cluster.Proxy;
using Samples;
using WebApi;

namespace Cluster.Commands;

/// <summary><c>proxy</c>: stands before several servers of samples/WebApi.</summary>
internal static class ProxyCommand
{
    private static readonly Option<string[]> To = new("--to")
    {
        Description = "The servers, as http://ADDRESS:PORT",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new Command("proxy", "Takes requests over HTTP and hands them to servers of samples/WebApi (YARP). Ctrl+C ends it.")
        {
            To, Options.Url, Options.Hosts, Options.Rate, Options.Timeout, Options.UntilInputEnds,
        };
        command.SetAction(arguments => RunAsync(
            new ProxyOptions
            {
                Servers = [.. arguments.GetValue(To)!.Select(Parse)],
                Url = arguments.GetValue(Options.Url)!,
                Server = Options.ServerOf(arguments),
                Timeout = Options.TimeoutOf(arguments),
            },
            arguments.GetValue(Options.UntilInputEnds)));
        return command;
    }

    private static Uri Parse(string server) => Uri.TryCreate(server, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        ? uri
        : throw new ArgumentException($"--to is to be http://ADDRESS:PORT, not '{server}'.");

    private static async Task<int> RunAsync(ProxyOptions options, bool untilInputEnds)
    {
        await using var proxy = await ProxyHost.StartAsync(options);
        Console.WriteLine($"Listening at {proxy.Address}. From another terminal:");
        const string Body = "{\"text\": \"You have won a prize, call now\"}";
        NextSteps.Write($"curl -H 'Content-Type: application/json' -d '{Body}' {proxy.Address}predict");
        await UntilInputEnds.WaitAsync(proxy.WaitAsync(), untilInputEnds);
        return 0;
    }
}
