using Cluster.Grains;

namespace Cluster.Hosting;

/// <summary>Swaps the version of a task's model on all silos, one after the other.</summary>
/// <param name="grains">A client of the cluster.</param>
internal sealed class Rollout(IGrainFactory grains)
{
    private const int MostRounds = 5;

    /// <summary>What each silo serves; silos that do not answer are left out.</summary>
    public async Task<IReadOnlyList<SiloReport>> ReportAsync()
    {
        var reports = await Task.WhenAll((await SilosAsync()).Select(TryReportAsync));
        return [.. reports.Where(r => r.Report is not null).Select(r => r.Report!)];
    }

    /// <summary>
    /// Swaps. Where a silo cannot serve the version, those that were swapped go back to theirs. Silos that come meanwhile are swapped too.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="version">The version.</param>
    /// <returns>What the silos of the task serve then.</returns>
    /// <exception cref="ModelSwapException">It cannot be served, or no silo serves the task.</exception>
    public async Task<IReadOnlyList<SiloReport>> SwapAsync(string task, string version)
    {
        var before = new Dictionary<SiloAddress, string>();
        for (int round = 0; round < MostRounds; round++)
        {
            var ofTask = (await Task.WhenAll((await SilosAsync()).Select(TryReportAsync)))
                .Where(r => r.Report?.Versions.ContainsKey(task) == true)
                .ToArray();
            if (ofTask.Length == 0)
                throw new ModelSwapException($"No silo serves the task '{task}'.");
            var others = ofTask.Where(r => r.Report!.Versions[task] != version).ToArray();
            if (others.Length == 0)
                return [.. ofTask.Select(r => r.Report!)];
            foreach (var (silo, report) in others)
                await SwapOneAsync(silo, report!, task, version, before);
        }

        throw new ModelSwapException($"After {MostRounds} rounds not all silos serve version '{version}' of {task}.");
    }

    private async Task SwapOneAsync(
        SiloAddress silo, SiloReport report, string task, string version, Dictionary<SiloAddress, string> before)
    {
        try
        {
            await Of(silo).ServeAsync(task, version);
            before.TryAdd(silo, report.Versions[task]);
        }
        catch (ModelSwapException)
        {
            foreach (var (swapped, old) in before)
                await Of(swapped).ServeAsync(task, old);
            throw;
        }
        catch (Exception e) when (Transient.Is(e))
        {
            // The silo has gone; if it comes back, the next round finds it, or it catches up by itself.
        }
    }

    private async Task<IReadOnlyList<SiloAddress>> SilosAsync() =>
        [.. (await grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Keys.Order()];

    private async Task<(SiloAddress Silo, SiloReport? Report)> TryReportAsync(SiloAddress silo)
    {
        try
        {
            return (silo, await Of(silo).ReportAsync().WaitAsync(TimeSpan.FromSeconds(5)));
        }
        catch (Exception e) when (Transient.Is(e))
        {
            return (silo, null);
        }
    }

    private ISiloModels Of(SiloAddress silo) => grains.GetGrain<ISiloModels>(silo.ToParsableString());
}
