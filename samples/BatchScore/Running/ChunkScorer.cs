using BatchScore.Outputs;
using BatchScore.Scoring;

namespace BatchScore.Running;

/// <summary>Scores chunks, and finds the row at fault where the model refuses one.</summary>
/// <param name="model">The model.</param>
/// <param name="bad">What takes the rows at fault.</param>
internal sealed class ChunkScorer(ScoringModel model, BadRows bad)
{
    /// <summary>Scores a chunk and writes the results.</summary>
    /// <param name="chunk">The rows.</param>
    /// <param name="writer">What writes them.</param>
    /// <returns>How many were scored.</returns>
    public int Score(List<ChunkRow> chunk, ShardWriter writer)
    {
        object?[][] results;
        try
        {
            results = model.Score(chunk);
        }
        catch (Exception e) when (IsOfRows(e))
        {
            int before = chunk.Count;
            chunk = [.. chunk.Where(IsGood)];
            // No row fails alone: it is not the rows.
            if (chunk.Count == before)
                throw;
            results = chunk.Count == 0 ? [] : model.Score(chunk);
        }

        for (int i = 0; i < chunk.Count; i++)
            writer.Write(chunk[i].File.Name, chunk[i].Number, results[i]);
        return chunk.Count;
    }

    private bool IsGood(ChunkRow row)
    {
        try
        {
            model.Score([row]);
            return true;
        }
        catch (Exception e) when (IsOfRows(e))
        {
            bad.Add(row.File, row.Number, MessageOf(e));
            return false;
        }
    }

    // Stages of this library number the row, which is the first one here, and keep what they said without the number.
    private static string MessageOf(Exception error)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
        {
            if (e.Data["Microsoft.ML.Perceiver.Row"] is string message)
                return message;
        }

        return error.GetBaseException().Message;
    }

    // Not, for example, that there is too little memory.
    private static bool IsOfRows(Exception e) =>
        e is ArgumentException or FormatException or InvalidOperationException or IOException;
}
