using Microsoft.ML.Perceiver.Tests.Runtime;
using Playground;

namespace Microsoft.ML.Perceiver.Playground.Tests;

[TestClass]
public sealed class PortTests
{
    [TestMethod]
    public async Task A_port_in_use_is_said_in_one_line()
    {
        await using var server = await Server.StartAsync(new PlaygroundOptions());
        var second = await ProgramRun.OfAsync("Playground.dll", "--port", $"{server.Address.Port}");
        Assert.AreEqual((1, ""), (second.ExitCode, second.Output));
        string line = second.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Single();
        Assert.Contains("address already in use", line);
        Assert.Contains("--port", line);
    }
}
