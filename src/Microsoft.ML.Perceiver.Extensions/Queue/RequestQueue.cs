namespace Microsoft.ML.Perceiver;

/// <summary>
/// Requests in the order in which they came. It is bounded: those that wait and those that are predicted are counted together, so that a
/// request finds a place as long as an engine is free. Engines of a new model take requests from the same queue as those of the old one.
/// </summary>
/// <param name="capacity">How many requests may wait or be predicted at once.</param>
internal sealed class RequestQueue<TInput, TOutput>(int capacity)
    where TInput : class
    where TOutput : class, new()
{
    private readonly object _lock = new();
    private readonly LinkedList<Request<TInput, TOutput>> _waiting = new();
    private int _running;
    private bool _isClosed;

    /// <summary>How many requests wait.</summary>
    internal int Waiting
    {
        get
        {
            lock (_lock)
                return _waiting.Count;
        }
    }

    /// <summary>Whether a further request would be refused.</summary>
    internal bool IsFull
    {
        get
        {
            lock (_lock)
                return _waiting.Count + _running >= capacity;
        }
    }

    /// <summary>Adds a request at the end.</summary>
    /// <returns>Its place, for <see cref="Remove"/>; null where the queue is full.</returns>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    internal LinkedListNode<Request<TInput, TOutput>>? TryAdd(Request<TInput, TOutput> request)
    {
        lock (_lock)
        {
            if (_isClosed)
                throw Closed();
            if (_waiting.Count + _running >= capacity)
                return null;
            var place = _waiting.AddLast(request);
            Monitor.Pulse(_lock);
            return place;
        }
    }

    /// <summary>Takes a request out that still waits, so that its place is free at once.</summary>
    internal void Remove(LinkedListNode<Request<TInput, TOutput>> place)
    {
        lock (_lock)
        {
            if (place.List is not null)
                _waiting.Remove(place);
        }
    }

    /// <summary>Waits for the next request, for an engine that runs it and then calls <see cref="Release"/>.</summary>
    /// <param name="stop">Says under this queue's lock whether the engine is to end.</param>
    /// <returns>The request; null where the engine is to end.</returns>
    internal Request<TInput, TOutput>? Take(Func<bool> stop)
    {
        lock (_lock)
        {
            while (!stop())
            {
                if (_waiting.First is { } first)
                {
                    _waiting.RemoveFirst();
                    _running++;
                    return first.Value;
                }

                Monitor.Wait(_lock);
            }

            return null;
        }
    }

    /// <summary>Frees the place of a request that was taken.</summary>
    internal void Release()
    {
        lock (_lock)
            _running--;
    }

    /// <summary>
    /// Tells engines to end. Under the lock, so that none of them waits afterwards: a request wakes one engine alone, which must not be one
    /// that ends.
    /// </summary>
    /// <param name="tell">Changes what the engines ask.</param>
    internal void Stop(Action tell)
    {
        lock (_lock)
        {
            tell();
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Refuses requests from now on; those that wait fail.</summary>
    internal void Close()
    {
        Request<TInput, TOutput>[] waiting;
        lock (_lock)
        {
            _isClosed = true;
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var request in waiting)
            request.Fail(Closed());
    }

    private static ObjectDisposedException Closed() =>
        new("PerceiverPool", "The pool was disposed: the program ends.");
}
