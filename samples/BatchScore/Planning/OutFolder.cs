namespace BatchScore.Planning;

/// <summary>Where what is in the folder of a job.</summary>
/// <param name="path">The folder.</param>
internal sealed class OutFolder(string path)
{
    /// <summary>The folder.</summary>
    public string FullPath { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The plan, a folder that is moved there whole.</summary>
    public string Plan => In("plan");

    /// <summary>Locks, records, and files that are not whole.</summary>
    public string Work => In("work");

    /// <summary>A shard's results; the shard is done where it is there.</summary>
    /// <param name="shard">The shard's number.</param>
    /// <param name="format">The format of outputs.</param>
    public string Output(int shard, string format) => In($"shard-{shard:d5}.{format}");

    /// <summary>The list of a shard's rows that could not be scored; not there where it has none.</summary>
    /// <param name="shard">The shard's number.</param>
    public string BadRows(int shard) => In($"shard-{shard:d5}.bad.tsv");

    /// <summary>The file that is locked by who scores a shard.</summary>
    /// <param name="shard">The shard's number.</param>
    public string Lock(int shard) => System.IO.Path.Combine(Work, $"{shard:d5}.lock");

    /// <summary>What was counted in a shard.</summary>
    /// <param name="shard">The shard's number.</param>
    public string Record(int shard) => System.IO.Path.Combine(Work, $"{shard:d5}.json");

    /// <summary>A new name of this process's own for a file of a shard that is not whole yet.</summary>
    /// <param name="shard">The shard's number.</param>
    public string Unfinished(int shard) => System.IO.Path.Combine(Work, $"{shard:d5}.{OwnName()}.tmp");

    /// <summary>All such files of a shard, of whichever process.</summary>
    /// <param name="shard">The shard's number.</param>
    public IEnumerable<string> AllUnfinished(int shard) => Directory.EnumerateFiles(Work, $"{shard:d5}.*.tmp");

    /// <summary>A name that no other process has, on no machine.</summary>
    public static string OwnName() => $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():n}";

    private string In(string name) => System.IO.Path.Combine(FullPath, name);
}
