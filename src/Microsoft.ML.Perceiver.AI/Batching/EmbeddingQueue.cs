namespace Microsoft.ML.Perceiver;

/// <summary>
/// Requests that wait. A batch takes texts of the one that waits longest and, where they do not fill it, of the next ones; a request that
/// has more goes to the end, so that a short one does not wait until a long one is done.
/// </summary>
/// <param name="batchSize">Texts of a batch at most.</param>
/// <param name="owner">The name of the class that is disposed, for messages.</param>
internal sealed class EmbeddingQueue(int batchSize, string owner)
{
    private readonly object _lock = new();
    private readonly Queue<EmbeddingRequest> _waiting = new();
    private bool _isClosed;

    /// <summary>Adds a request.</summary>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    internal void Add(EmbeddingRequest request)
    {
        lock (_lock)
        {
            if (_isClosed)
                throw Closed();
            _waiting.Enqueue(request);
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Waits for the next batch.</summary>
    /// <returns>Its texts; null where the queue is closed.</returns>
    internal IReadOnlyList<EmbeddingText>? Take()
    {
        lock (_lock)
        {
            while (!_isClosed)
            {
                var batch = Collect();
                if (batch.Count > 0)
                    return batch;
                Monitor.Wait(_lock);
            }

            return null;
        }
    }

    /// <summary>Refuses requests from now on; those that wait fail.</summary>
    internal void Close()
    {
        EmbeddingRequest[] waiting;
        lock (_lock)
        {
            _isClosed = true;
            waiting = [.. _waiting];
            _waiting.Clear();
            Monitor.PulseAll(_lock);
        }

        foreach (var request in waiting)
            request.Fail(Closed());
    }

    private List<EmbeddingText> Collect()
    {
        var batch = new List<EmbeddingText>(batchSize);
        // Each request once, also those that go to the end.
        for (int left = _waiting.Count; left > 0 && batch.Count < batchSize; left--)
        {
            var request = _waiting.Dequeue();
            if (request.IsOver)
                continue;
            batch.AddRange(request.Take(batchSize - batch.Count));
            if (request.Remaining > 0)
                _waiting.Enqueue(request);
        }

        return batch;
    }

    private ObjectDisposedException Closed() => new(owner);
}
