using Orleans.Concurrency;

namespace Cluster.Grains;

/// <summary>
/// The models of one silo. The key is the silo's address (<see cref="SiloAddress.ToParsableString"/>), and the grain is made there.
/// </summary>
[Alias("perceiver.silo-models")]
internal interface ISiloModels : IGrainWithStringKey
{
    /// <summary>What the silo serves now.</summary>
    [Alias("report"), AlwaysInterleave]
    Task<SiloReport> ReportAsync();

    /// <summary>
    /// Loads a version beside the one that is served, serves it from then on, and remembers it for the silo's next start. The older one is
    /// freed when its last request has ended.
    /// </summary>
    /// <param name="task">The task's name, as in <see cref="SiloReport.Versions"/>.</param>
    /// <param name="version">The version's name.</param>
    /// <exception cref="ModelSwapException">It cannot be served; the older version goes on.</exception>
    [Alias("serve"), ResponseTimeout("00:03:00")]
    Task<SiloReport> ServeAsync(string task, string version);
}
