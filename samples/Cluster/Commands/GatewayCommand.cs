using System.CommandLine;
using Cluster.Gateway;
using Samples;
using WebApi;

namespace Cluster.Commands;

/// <summary><c>gateway</c>: takes requests.</summary>
internal static class GatewayCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new Command("gateway", "Takes requests over HTTP and has silos answer them. Ctrl+C ends it.")
        {
            Options.Url, Options.Hosts, Options.Rate, Options.Timeout, Options.Kind, Options.Connection, Options.Invariant, Options.Cluster,
            Options.Gateways, Options.UntilInputEnds,
        };
        command.SetAction(arguments => RunAsync(
            new GatewayOptions
            {
                Clustering = Options.ClusteringOf(arguments),
                Url = arguments.GetValue(Options.Url)!,
                Server = Options.ServerOf(arguments),
                Timeout = Options.TimeoutOf(arguments),
            },
            arguments.GetValue(Options.UntilInputEnds)));
        return command;
    }

    private static async Task<int> RunAsync(GatewayOptions options, bool untilInputEnds)
    {
        await using var gateway = await GatewayHost.StartAsync(options);
        Console.WriteLine($"Listening at {gateway.Address}. From another terminal:");
        const string Body = "{\"text\": \"You have won a prize, call now\"}";
        NextSteps.Write($"curl -H 'Content-Type: application/json' -d '{Body}' {gateway.Address}predict");
        await UntilInputEnds.WaitAsync(gateway.WaitAsync(), untilInputEnds);
        return 0;
    }
}
