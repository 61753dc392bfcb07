using Cluster.Serving;

namespace Cluster.Grains;

/// <summary>Reports and swaps the models of the silo that its key names.</summary>
[OnNamedSilo]
internal sealed class SiloModelsGrain(SiloModels models) : Grain, ISiloModels
{
    /// <inheritdoc/>
    public Task<SiloReport> ReportAsync() => Task.FromResult(models.Report());

    /// <inheritdoc/>
    public async Task<SiloReport> ServeAsync(string task, string version)
    {
        await models.ServeAsync(task, version);
        return models.Report();
    }
}
