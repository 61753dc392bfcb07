using BatchScore.Outputs;
using BatchScore.Planning;

namespace BatchScore.Running;

/// <summary>What is found in the outputs when they are read again, row by row, beside the plan.</summary>
/// <param name="Shards">The shards that are done.</param>
/// <param name="Rows">The rows of the outputs.</param>
/// <param name="BadRows">The rows that are listed as bad.</param>
/// <param name="Lost">The rows of the plan that are in neither.</param>
/// <param name="Misplaced">The rows that are there twice, in another order than the plan's, or in another shard.</param>
internal sealed record Verification(int Shards, long Rows, long BadRows, long Lost, long Misplaced)
{
    /// <summary>Whether each row is there once, and in order.</summary>
    public bool IsRight => Lost == 0 && Misplaced == 0;

    /// <summary>Reads the outputs.</summary>
    /// <param name="folder">The job's folder.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="part">Which shards; null for all.</param>
    public static Verification Of(OutFolder folder, Plan plan, ShardPart? part = null)
    {
        int shards = 0;
        long rows = 0, bad = 0, lost = 0, misplaced = 0;
        foreach (var shard in plan.ShardsOf(part))
        {
            string path = folder.Output(shard.Number, plan.Options.OutFormat);
            if (!File.Exists(path))
            {
                lost += shard.Rows;
                continue;
            }

            shards++;
            var listed = BadRowsOf(folder.BadRows(shard.Number));
            bad += listed.Count;
            using var found = ShardWriter.ReadRows(path).GetEnumerator();
            bool isMore = found.MoveNext();
            foreach (var row in Expected(plan, shard))
            {
                if (isMore && found.Current == row)
                {
                    rows++;
                    isMore = found.MoveNext();
                }
                else if (!listed.Remove(row))
                {
                    lost++;
                }
            }

            misplaced += listed.Count;
            for (; isMore; isMore = found.MoveNext())
                misplaced++;
        }

        return new Verification(shards, rows, bad, lost, misplaced);
    }

    private static IEnumerable<(string File, long Row)> Expected(Plan plan, Shard shard)
    {
        foreach (var segment in plan.Segments(shard))
        {
            for (long row = 1; row <= segment.Rows; row++)
                yield return (segment.File.Name, segment.Row + row);
        }
    }

    private static HashSet<(string File, long Row)> BadRowsOf(string path) =>
        File.Exists(path) ? [.. TsvShardWriter.ReadRowsOf(path)] : [];
}
