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
            catch (Exception e) when (batch.Count == 1)
            {
                Fail(batch[0], e);
            }
            catch (Exception)
            {
                OneByOne(batch);
            }
        }
    }

    private static void Put(IReadOnlyList<EmbeddingText> batch, float[][] vectors)
    {
        for (int i = 0; i < batch.Count; i++)
            batch[i].Request.Put(batch[i].Place, vectors[i]);
    }

    // One text may be at fault, which must not fail the requests of the others.
    private void OneByOne(IReadOnlyList<EmbeddingText> batch)
    {
        foreach (var text in batch.Where(text => !text.Request.IsOver))
        {
            try
            {
                Put([text], _encoder.Encode([text.Text]));
            }
            catch (Exception e)
            {
                Fail(text, e);
            }
        }
    }

    private static void Fail(EmbeddingText text, Exception error) => text.Request.Fail(TextEncoder.ErrorOf(text.Place, error));

    /// <summary>Waits for the batch that is computed now, and ends the thread.</summary>
    public void Dispose()
    {
        _queue.Close();
        _thread.Join();
    }
}
