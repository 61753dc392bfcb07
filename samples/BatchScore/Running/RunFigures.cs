using BatchScore.Planning;

namespace BatchScore.Running;

/// <summary>What the shards that a run did took.</summary>
/// <param name="RowsPerSecond">Rows by the time from the first shard's begin to the last one's end: without the start of processes.</param>
/// <param name="PeakMegabytes">The most resident memory that a process had at the end of a shard.</param>
/// <param name="GrowthPercent">
/// By how much the most memory in the second half of a process's shards is above the most in the first half; the largest of all processes
/// with at least four shards.
/// </param>
internal sealed record RunFigures(double RowsPerSecond, double PeakMegabytes, double GrowthPercent)
{
    private const int FewestShards = 4;

    /// <summary>Reads the records of shards.</summary>
    /// <param name="folder">The job's folder.</param>
    /// <param name="shards">The shards that the run did.</param>
    public static RunFigures Of(OutFolder folder, IReadOnlyCollection<int> shards)
    {
        if (shards.Count == 0)
            return new RunFigures(0, 0, 0);
        ShardRecord[] records = [.. shards.Select(shard => ShardRecord.Read(folder.Record(shard))).OrderBy(record => record.Ended)];
        double seconds = TimeSpan.FromTicks(records.Max(r => r.Ended) - records.Min(r => r.Started)).TotalSeconds;
        double growth = 0;
        foreach (var process in records.GroupBy(record => record.Process))
        {
            long[] memory = [.. process.Select(record => record.MemoryBytes)];
            if (memory.Length < FewestShards)
                continue;
            double first = memory[..(memory.Length / 2)].Max(), second = memory[(memory.Length / 2)..].Max();
            growth = Math.Max(growth, 100 * (second / first - 1));
        }

        return new RunFigures(records.Sum(r => r.Rows + r.BadRows) / seconds, records.Max(r => r.MemoryBytes) / 1e6, growth);
    }
}
