using System.CommandLine;
using Cluster.Demo;

namespace Cluster.Commands;

/// <summary>Without a command: two silos and a gateway, and what happens where one is killed or a model is swapped.</summary>
internal static class DemoCommand
{
    private static readonly Option<bool> Proxy = new("--proxy")
    {
        Description = "Shows two servers of samples/WebApi behind the proxy in place of silos and a gateway",
    };

    private static readonly Option<string?> Models = new("--models")
    {
        Description = "A folder for the models, which are written where they are missing; without it a temporary one",
    };

    private static readonly Option<int> Requests =
        Options.Positive("--requests", "Requests of the measurement of the shares", new DemoOptions().Requests);

    private static readonly Option<string?> Summary = new("--summary")
    {
        Description = "A file for the figures: name, value and unit, separated by tabs",
    };

    /// <summary>Makes the command, with all others below it.</summary>
    public static RootCommand Create()
    {
        var command = new RootCommand(
            "Serves models by several silos of Orleans behind a gateway, or several servers behind a proxy. Without a command it starts "
            + "two silos and a gateway, kills one, swaps the model, and compares every answer with that of this process.")
        {
            Proxy, Models, Requests, Summary,
            ModelsCommand.Create(), SiloCommand.Create(), GatewayCommand.Create(), SwapCommand.Create(), ProxyCommand.Create(),
        };
        command.SetAction(arguments =>
        {
            var options = new DemoOptions
            {
                Models = arguments.GetValue(Models),
                Requests = arguments.GetValue(Requests),
                Summary = arguments.GetValue(Summary),
            };
            return arguments.GetValue(Proxy) ? new ProxyDemo(options).RunAsync() : new ClusterDemo(options).RunAsync();
        });
        return command;
    }
}
