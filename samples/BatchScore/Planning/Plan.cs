using BatchScore.Inputs;

namespace BatchScore.Planning;

/// <summary>Which rows make which shard. It is made once, and all processes work by it.</summary>
/// <param name="Options">What decides the outputs.</param>
/// <param name="Inputs">The files.</param>
/// <param name="Shards">The shards.</param>
internal sealed record Plan(JobOptions Options, IReadOnlyList<InputFile> Inputs, IReadOnlyList<Shard> Shards)
{
    /// <summary>All rows.</summary>
    public long Rows => Inputs.Sum(input => input.Rows);

    /// <summary>A shard's rows, file by file.</summary>
    /// <param name="shard">The shard.</param>
    public IEnumerable<Segment> Segments(Shard shard)
    {
        long left = shard.Rows, row = shard.Row, offset = shard.Offset;
        for (int file = shard.File; left > 0; file++)
        {
            long rows = Math.Min(left, Inputs[file].Rows - row);
            if (rows > 0)
                yield return new Segment(Inputs[file], row, offset, rows);
            left -= rows;
            (row, offset) = (0, 0);
        }
    }

    /// <summary>The shards of one task of several.</summary>
    /// <param name="part">The task; null for all shards.</param>
    public IEnumerable<Shard> ShardsOf(ShardPart? part) =>
        part is null ? Shards : Shards.Where(shard => shard.Number % part.Count == part.Index);

    /// <summary>Throws where another job is asked for than the plan's.</summary>
    /// <param name="folder">The plan's folder, for the message.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="inputs">The files that are asked for, as they are now.</param>
    /// <exception cref="InvalidOperationException">Something is different; the message names it.</exception>
    public void CheckSame(string folder, JobOptions options, IReadOnlyList<InputFile> inputs)
    {
        string? difference = PlanDifference.Of(Options, options) ?? PlanDifference.Of(Inputs, inputs);
        if (difference is not null)
            throw new InvalidOperationException($"'{folder}' has the plan of another job: {difference}. Take another --out.");
    }
}
