using Microsoft.ML.Perceiver.Tests.Runtime;

namespace Microsoft.ML.Perceiver.EndToEndTests.WebApi;

[TestClass]
public sealed class PortTests
{
    [TestMethod]
    public async Task A_port_in_use_is_said_in_one_line()
    {
        await using var server = await TinyServer.StartAsync();
        string address = server.Address.GetLeftPart(UriPartial.Authority);
        var second = await ProgramRun.OfAsync("WebApi.dll", "--model", server.Model, "--url", address);
        Assert.AreEqual((1, ""), (second.ExitCode, second.Output));
        string line = second.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Single();
        Assert.Contains("address already in use", line);
        Assert.Contains("--url", line);
    }
}
