using Cluster.Hosting;
using Cluster.Serving;
using Samples;
using Spectre.Console;
using WebApi;

namespace Cluster.Demo;

/// <summary>Two silos and a gateway as processes: their shares, a silo that is killed, a swap of the model, and images.</summary>
/// <param name="options">Its options.</param>
internal sealed class ClusterDemo(DemoOptions options)
{
    private const int Texts = 256, TextsOfSwap = 8;
    private readonly Table _table = DemoTable.New();

    /// <summary>Runs, and writes what was found.</summary>
    /// <returns>0 where no request failed and no answer was wrong.</returns>
    public async Task<int> RunAsync()
    {
        using var models = new ModelsFolder(options.Models);
        string[] texts = ModelFile.Texts(Texts);
        var expected = DemoModels.Answers(models.Path, texts);
        AnsiConsole.WriteLine("Two silos and a gateway start, as processes of this machine.");
        await using var nodes = await Nodes.StartAsync(models.Path);
        var load = new Load(nodes.Gateway, texts, expected);
        await load.SendAsync(Load.Clients * 4);

        var shares = await load.SendAsync(options.Requests);
        DemoTable.Add(_table, "two silos", shares);
        var kill = await load.DuringAsync(options.Around, nodes.KillSecondAsync, options.Around);
        DemoTable.Add(_table, "kill -9 of one", kill);
        await nodes.StartSecondAsync();
        // The gateway looks for silos every two seconds.
        await Task.Delay(options.Around);
        var back = await load.SendAsync(options.Requests);
        DemoTable.Add(_table, "it is back", back);
        var swap = await new Load(nodes.Gateway, texts, expected) { TextsPerRequest = TextsOfSwap }
            .DuringAsync(options.Around, () => SwapAsync(nodes.Clustering), options.Around);
        DemoTable.Add(_table, $"swap, {TextsOfSwap} texts", swap);
        var images = await new ImageLoad(nodes.Gateway).SendAsync(models.Path);
        DemoTable.Add(_table, "photographs", images);
        return Tell([shares, kill, back, swap, images], shares, back, swap);
    }

    private static async Task SwapAsync(Clustering clustering)
    {
        await using var client = await ClusterClient.ConnectAsync(clustering);
        await new Rollout(client.Grains).SwapAsync(TextTask.TaskName, DemoModels.Second);
    }

    private int Tell(LoadFindings[] all, LoadFindings shares, LoadFindings back, LoadFindings swap)
    {
        AnsiConsole.Write(_table);
        DemoTable.WriteFault(all);
        long failed = all.Sum(f => f.Failed), wrong = all.Sum(f => f.Wrong);
        double share = Math.Min(shares.SmallestShare, back.SmallestShare);
        Figures.Write(
            options.Summary,
            ("silo_share_min", share, "of 1"),
            ("requests_per_second", shares.RequestsPerSecond, "requests/s"),
            ("p99_ms", shares.Latencies.Percentile(0.99), "ms"),
            ("failed_requests", failed, "requests"),
            ("wrong_answers", wrong, "requests"),
            ("mixed_answers", all.Sum(f => f.Mixed), "requests"));
        bool isSwapped = swap.Versions.ContainsKey(DemoModels.First) && swap.Versions.ContainsKey(DemoModels.Second);
        if (!isSwapped)
            AnsiConsole.WriteLine("The swap was not seen: the answers name one version only.");
        NextSteps.Write(NextSteps.Run("Cluster", "models", "--models", "models"));
        return failed == 0 && wrong == 0 && isSwapped ? 0 : 1;
    }
}
