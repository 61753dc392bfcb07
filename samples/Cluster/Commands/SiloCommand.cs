using System.CommandLine;
using System.Net;
using Cluster.Grains;
using Cluster.Hosting;
using Cluster.Serving;
using WebApi;

namespace Cluster.Commands;

/// <summary><c>silo</c>: takes calls.</summary>
internal static class SiloCommand
{
    private static readonly Option<string> Address = new("--address")
    {
        Description = "The address of this machine that other silos and clients reach it at",
        DefaultValueFactory = _ => IPAddress.Loopback.ToString(),
    };

    private static readonly Option<int> Port = Options.Positive("--port", "The port for other silos", new SiloAddressOptions().Port);

    private static readonly Option<int> GatewayPort =
        Options.Positive("--gateway-port", "The port for clients", SiloAddressOptions.DefaultGatewayPort);

    private static readonly Option<string[]> Tasks = new("--tasks")
    {
        Description = "What it serves: text, image, or both; calls for another task go to other silos",
        DefaultValueFactory = _ => [TextTask.TaskName, ImageTask.TaskName],
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<int> Engines =
        Options.Positive("--engines", "Inputs of a task that are classified at once", new EngineOptions().Engines);

    private static readonly Option<int> Places = Options.Positive(
        "--places", "Inputs that are classified or wait; a request beyond them goes to another silo", new EngineOptions().Places);

    // Beside a gateway on one machine, which listens at the usual port.
    private static readonly Option<string> HealthUrl = new("--url")
    {
        Description = "Where to listen for /health and /metrics; port 0 is any that is free",
        DefaultValueFactory = _ => "http://127.0.0.1:0",
    };

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new Command("silo", "Loads models, joins the cluster and classifies. Ctrl+C ends it.")
        {
            Options.Models, Tasks, Engines, Places, Address, Port, GatewayPort, HealthUrl, Options.Hosts, Options.Kind, Options.Connection,
            Options.Invariant, Options.Cluster, Options.Primary, Options.UntilInputEnds,
        };
        command.SetAction(arguments => RunAsync(OptionsOf(arguments), arguments.GetValue(Options.UntilInputEnds)));
        return command;
    }

    private static SiloOptions OptionsOf(ParseResult arguments)
    {
        int places = arguments.GetValue(Places);
        if (places < TextClassifierGrain.MostTexts)
            throw new ArgumentException($"--places must be at least {TextClassifierGrain.MostTexts}, the most texts of a request.");
        if (!IPAddress.TryParse(arguments.GetValue(Address), out var address))
            throw new ArgumentException($"--address is to be an IP address, not '{arguments.GetValue(Address)}'.");
        return new SiloOptions
        {
            Clustering = Options.ClusteringOf(arguments),
            Address = new() { Address = address, Port = arguments.GetValue(Port), GatewayPort = arguments.GetValue(GatewayPort) },
            Url = arguments.GetValue(HealthUrl)!,
            Hosts = arguments.GetValue(Options.Hosts)!,
            Models = Path.GetFullPath(arguments.GetValue(Options.Models)!),
            Tasks = [.. arguments.GetValue(Tasks)!.Distinct()],
            Engines = new() { Engines = arguments.GetValue(Engines), Places = places },
        };
    }

    private static async Task<int> RunAsync(SiloOptions options, bool untilInputEnds)
    {
        await using var silo = await SiloHost.StartAsync(options);
        Console.WriteLine($"Listening at {silo.Address} for /health and /metrics; silo {options.Address.Name}.");
        await UntilInputEnds.WaitAsync(silo.WaitAsync(), untilInputEnds);
        return 0;
    }
}
