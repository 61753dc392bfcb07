using System.CommandLine;
using Cluster.Grains;
using Cluster.Hosting;
using Samples;
using Spectre.Console;

namespace Cluster.Commands;

/// <summary><c>swap</c>: another version of a model, on one silo after the other.</summary>
internal static class SwapCommand
{
    private static readonly Argument<string> TaskName = new("task") { Description = "text or image" };

    private static readonly Argument<string> Version = new("version")
    {
        Description = "VERSION of TASK/VERSION.mlnet in the folder of models",
    };

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new Command("swap", "Has all silos serve another version of a model, one silo after the other; no request fails.")
        {
            TaskName, Version, Options.Kind, Options.Connection, Options.Invariant, Options.Cluster, Options.Gateways,
        };
        command.SetAction(arguments => RunAsync(
            Options.ClusteringOf(arguments), arguments.GetValue(TaskName)!, arguments.GetValue(Version)!));
        return command;
    }

    private static async Task<int> RunAsync(Clustering clustering, string task, string version)
    {
        await using var client = await ClusterClient.ConnectAsync(clustering);
        Show(await new Rollout(client.Grains).SwapAsync(task, version));
        NextSteps.Write(NextSteps.Run("Cluster", "gateway"));
        return 0;
    }

    private static void Show(IEnumerable<SiloReport> reports)
    {
        var table = new Table().AddColumns("silo", "serves", "in memory", "places taken");
        foreach (var report in reports)
        {
            table.AddRow(
                report.Silo,
                string.Join(", ", report.Versions.Select(v => $"{v.Key} {v.Value}")),
                string.Join(", ", report.InMemory.Select(v => $"{v.Key} {string.Join(" and ", v.Value)}")),
                $"{report.PlacesTaken} of {report.Places}");
        }

        AnsiConsole.Write(table);
    }
}
