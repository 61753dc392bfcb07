using System.CommandLine;
using Cluster.Commands;
using Cluster.Grains;
using Microsoft.Extensions.Options;

namespace Cluster;

/// <summary>The program. It is a class because samples/WebApi, which is referred to, has a program of the usual name.</summary>
internal static class Entry
{
    private static async Task<int> Main(string[] args)
    {
        try
        {
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await DemoCommand.Create().Parse(args).InvokeAsync(invocation);
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException or InvalidOperationException
            or FormatException or OptionsValidationException or OperationCanceledException or ModelSwapException or OrleansException
            or TimeoutException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }
}
