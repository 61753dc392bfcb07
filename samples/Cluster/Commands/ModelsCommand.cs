using System.CommandLine;
using Cluster.Demo;
using Samples;

namespace Cluster.Commands;

/// <summary><c>models</c>: writes a folder of models for silos.</summary>
internal static class ModelsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new Command("models", "Writes the models of the demonstration into a folder, for silos.") { Options.Models };
        command.SetAction(arguments =>
        {
            string folder = arguments.GetValue(Options.Models)!;
            DemoModels.Write(Path.GetFullPath(folder));
            NextSteps.Write(NextSteps.Run("Cluster", "silo", Options.Models.Name, folder));
        });
        return command;
    }
}
