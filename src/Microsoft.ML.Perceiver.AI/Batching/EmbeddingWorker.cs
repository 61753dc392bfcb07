namespace Microsoft.ML.Perceiver;

/// <summary>
/// Computes the vectors of all requests in a thread of its own: libtorch uses every core for one batch, and keeps memory for every thread
/// that calls it, while the thread pool's come and go.
/// </summary>
internal sealed class EmbeddingWorker : IDisposable
{
    private readonly EmbeddingQueue _queue;
    private readonly TextEncoder _encoder;
    private readonly Thread _thread;

    /// <summary>Starts the thread.</summary>
    /// <param name="encoder">Computes the vectors.</param>
    /// <param name="queue">The requests.</param>
    internal EmbeddingWorker(TextEncoder encoder, EmbeddingQueue queue)
    {
        _encoder = encoder;
        _queue = queue;
        _thread = new Thread(Run) { IsBackground = true, Name = "Embedding generator" };
        _thread.Start();
    }

    private void Run()
    {
        while (_queue.Take() is { } batch)
        {
            try
            {
                Put(batch, _encoder.Encode(batch.Select(text => text.Text)));
            }
            catch (Exception e)
            {
                OneByOne(batch, e);
            }
        }
    }

    private static void Put(IReadOnlyList<EmbeddingText> batch, float[][] vectors)
    {
        for (int i = 0; i < batch.Count; i++)
            batch[i].Request.Put(batch[i].Place, vectors[i]);
    }

    // One text may be at fault, which must not fail the requests of the others.
    private void OneByOne(IReadOnlyList<EmbeddingText> batch, Exception error)
    {
        foreach (var text in batch.Where(text => !text.Request.IsOver))
        {
            try
            {
                if (batch.Count == 1)
                    throw error;
                Put([text], _encoder.Encode([text.Text]));
            }
            catch (Exception e)
            {
                text.Request.Fail(TextEncoder.ErrorOf(text.Place, e));
            }
        }
    }

    /// <summary>Waits for the batch that is computed now, and ends the thread.</summary>
    public void Dispose()
    {
        _queue.Close();
        _thread.Join();
    }
}
