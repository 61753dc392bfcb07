using BatchScore.Inputs;
using BatchScore.Outputs;
using BatchScore.Planning;
using BatchScore.Scoring;

namespace BatchScore.Running;

/// <summary>Scores shards one after the other.</summary>
internal sealed class ShardScorer
{
    // About so many bytes of inputs are in memory at a time.
    private const long ChunkBytes = 16 << 20;

    private readonly OutFolder _folder;
    private readonly Plan _plan;
    private readonly ScoringModel _model;
    private readonly RowFormat _format;
    private readonly IReadOnlyList<FieldMap> _maps;
    private readonly CancellationToken _cancellation;

    /// <summary>Prepares for the shards of a plan.</summary>
    /// <param name="folder">The job's folder.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="cancellation">Ends between two chunks of rows.</param>
    public ShardScorer(OutFolder folder, Plan plan, ScoringModel model, CancellationToken cancellation)
    {
        (_folder, _plan, _model, _cancellation) = (folder, plan, model, cancellation);
        _format = RowFormat.Of(plan.Options.Format, plan.Options.Delimiter);
        _maps = _format.Map(model.Columns, [.. plan.Options.Columns.Select(FieldMap.Parse)]);
    }

    /// <summary>Whether a shard is done.</summary>
    /// <param name="shard">The shard.</param>
    public bool IsDone(Shard shard) => File.Exists(_folder.Output(shard.Number, _plan.Options.OutFormat));

    /// <summary>Scores a shard, if nobody else does or has done.</summary>
    /// <param name="shard">The shard.</param>
    /// <returns>What was counted; null where it is another process's.</returns>
    public ShardRecord? TryScore(Shard shard)
    {
        if (IsDone(shard))
            return null;
        using var held = FileLock.TryTake(_folder.Lock(shard.Number));
        // Whoever had the lock before may have finished it.
        if (held is null || IsDone(shard))
            return null;
        // Who wrote these had the lock, and has ended.
        foreach (string left in _folder.AllUnfinished(shard.Number))
            File.Delete(left);
        return Score(shard);
    }

    private ShardRecord Score(Shard shard)
    {
        string unfinished = _folder.Unfinished(shard.Number), unfinishedList = _folder.Unfinished(shard.Number);
        try
        {
            var started = DateTime.UtcNow;
            var bad = new BadRows(_plan.Options.SkipBad);
            long rows = 0;
            using (var writer = ShardWriter.Create(_plan.Options.OutFormat, unfinished, _model.Fields))
            {
                var scorer = new ChunkScorer(_model, bad);
                foreach (var chunk in Chunks(shard, bad))
                {
                    _cancellation.ThrowIfCancellationRequested();
                    rows += scorer.Score(chunk, writer);
                }

                writer.Finish();
            }

            foreach (var segment in _plan.Segments(shard))
                segment.File.CheckUnchanged();
            var record = new ShardRecord(
                rows, bad.Count, started.Ticks, DateTime.UtcNow.Ticks, Environment.WorkingSet, Environment.ProcessId);
            // The results come last, as they say that the shard is done.
            record.Write(unfinishedList);
            File.Move(unfinishedList, _folder.Record(shard.Number), overwrite: true);
            bad.Write(unfinishedList, _folder.BadRows(shard.Number), _plan.Segments(shard).Select(segment => segment.File));
            File.Move(unfinished, _folder.Output(shard.Number, _plan.Options.OutFormat));
            return record;
        }
        catch
        {
            File.Delete(unfinished);
            File.Delete(unfinishedList);
            throw;
        }
    }

    private IEnumerable<List<ChunkRow>> Chunks(Shard shard, BadRows bad)
    {
        var chunk = new List<ChunkRow>();
        long bytes = 0;
        foreach (var segment in _plan.Segments(shard))
        {
            segment.File.CheckUnchanged();
            long left = segment.Rows;
            foreach (var row in _format.Read(segment.File, _model.Columns, _maps, segment.Row, segment.Offset))
            {
                if (Converted(segment.File, row, bad) is { } converted)
                {
                    chunk.Add(converted);
                    bytes += row.Weight;
                }

                if (chunk.Count >= _format.ChunkRows || bytes >= ChunkBytes)
                {
                    yield return chunk;
                    (chunk, bytes) = ([], 0);
                }

                if (--left == 0)
                    break;
            }

            if (left > 0)
                throw new InvalidOperationException($"'{segment.File.Name}' ended {left} rows before the plan's end.");
        }

        if (chunk.Count > 0)
            yield return chunk;
    }

    private ChunkRow? Converted(InputFile file, SourceRow row, BadRows bad)
    {
        string? error = row.Error;
        object[] values = new object[_model.Columns.Count];
        try
        {
            for (int i = 0; i < values.Length && error is null; i++)
                values[i] = _model.Columns[i].Value(row.Cells[i]);
        }
        catch (BadRowException e)
        {
            error = e.Message;
        }

        if (error is null)
            return new ChunkRow(file, row.Number, values);
        bad.Add(file, row.Number, error);
        return null;
    }
}
