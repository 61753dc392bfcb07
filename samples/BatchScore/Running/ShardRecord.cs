using System.Text.Json;

namespace BatchScore.Running;

/// <summary>What was counted while a shard was scored.</summary>
/// <param name="Rows">The rows of the results.</param>
/// <param name="BadRows">The rows that could not be scored.</param>
/// <param name="Started">When it began, in ticks of UTC.</param>
/// <param name="Ended">When the results were whole.</param>
/// <param name="MemoryBytes">The process's resident memory at that time.</param>
/// <param name="Process">The process's number.</param>
internal sealed record ShardRecord(long Rows, long BadRows, long Started, long Ended, long MemoryBytes, int Process)
{
    /// <summary>Writes it.</summary>
    /// <param name="path">The file.</param>
    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this));

    /// <summary>Reads it.</summary>
    /// <param name="path">The file.</param>
    public static ShardRecord Read(string path) => JsonSerializer.Deserialize<ShardRecord>(File.ReadAllText(path))
        ?? throw new FormatException($"'{path}' is empty.");
}
