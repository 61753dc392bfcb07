using Samples;
using Spectre.Console;
using WebApi;

namespace Cluster.Demo;

/// <summary>Two servers of samples/WebApi and the proxy before them as processes: their shares, and one that is killed.</summary>
/// <param name="options">Its options.</param>
internal sealed class ProxyDemo(DemoOptions options)
{
    private const int Texts = 256;

    /// <summary>Runs, and writes what was found.</summary>
    /// <returns>0 where no request failed and no answer was wrong.</returns>
    public async Task<int> RunAsync()
    {
        using var models = new ModelsFolder(options.Models);
        string[] texts = ModelFile.Texts(Texts);
        var expected = new Dictionary<string, Answer[]> { [DemoModels.First] = DemoModels.Answers(models.Path, texts)[DemoModels.First] };
        AnsiConsole.WriteLine("Two servers and a proxy start, as processes of this machine.");
        int[] ports = Ports.Free(2);
        await using var first = await StartAsync(models.Path, ports[0]);
        var second = await StartAsync(models.Path, ports[1]);
        try
        {
            string[] servers = [.. ports.Select(p => $"http://127.0.0.1:{p}")];
            await using var proxy = await NodeProcess.StartAsync(
                "Cluster", ["proxy", "--url", "http://127.0.0.1:0", "--rate", "1000000", "--until-input-ends", "--to", .. servers]);
            var load = new Load(proxy.Address, texts, expected) { IsProxy = true };
            await load.SendAsync(Load.Clients * 4);
            var shares = await load.SendAsync(options.Requests);
            var kill = await load.DuringAsync(options.Around, second.KillAsync, options.Around);
            second = await StartAsync(models.Path, ports[1]);
            // The proxy asks each server every second whether it is well.
            await Task.Delay(options.Around);
            var back = await load.SendAsync(options.Requests);
            return Tell(shares, kill, back);
        }
        finally
        {
            await second.DisposeAsync();
        }
    }

    private int Tell(LoadFindings shares, LoadFindings kill, LoadFindings back)
    {
        var table = DemoTable.New();
        DemoTable.Add(table, "two servers", shares);
        DemoTable.Add(table, "kill -9 of one", kill);
        DemoTable.Add(table, "it is back", back);
        AnsiConsole.Write(table);
        LoadFindings[] all = [shares, kill, back];
        DemoTable.WriteFault(all);
        Figures.Write(
            options.Summary,
            ("silo_share_min", Math.Min(shares.SmallestShare, back.SmallestShare), "of 1"),
            ("requests_per_second", shares.RequestsPerSecond, "requests/s"),
            ("p99_ms", shares.Latencies.Percentile(0.99), "ms"),
            ("failed_requests", all.Sum(f => f.Failed), "requests"),
            ("wrong_answers", all.Sum(f => f.Wrong), "requests"));
        NextSteps.Write(NextSteps.Run("Cluster", "proxy", "--to", "http://127.0.0.1:5001", "http://127.0.0.1:5002"));
        return all.All(f => f.Failed == 0 && f.Wrong == 0) ? 0 : 1;
    }

    private static Task<NodeProcess> StartAsync(string models, int port) => NodeProcess.StartAsync(
        "WebApi",
        "--model",
        new Serving.ModelStore(models).PathOf(Serving.TextTask.TaskName, DemoModels.First),
        "--url",
        $"http://127.0.0.1:{port}",
        "--engines",
        "1",
        "--rate",
        "1000000",
        "--until-input-ends");
}
