namespace Microsoft.ML.Perceiver;

/// <summary>
/// Texts of one caller that wait for their vectors. The shortest are taken first, so that texts of like length are computed together; the
/// vectors are in the caller's order.
/// </summary>
internal sealed class EmbeddingRequest
{
    // Who waits goes on in a thread of its own: the encoder's is for the next batch.
    private readonly TaskCompletionSource<float[][]> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string[] _texts;
    private readonly int[] _order;
    private readonly float[][] _vectors;
    private int _taken;
    private int _computed;

    /// <summary>Makes a request.</summary>
    /// <param name="texts">The texts, one at least.</param>
    /// <param name="lengths">Tokens of each.</param>
    internal EmbeddingRequest(string[] texts, int[] lengths)
    {
        _texts = texts;
        _vectors = new float[texts.Length][];
        _order = [.. Enumerable.Range(0, texts.Length).OrderBy(i => lengths[i])];
    }

    /// <summary>The vectors.</summary>
    internal Task<float[][]> Answer => _answer.Task;

    /// <summary>Whether nobody waits for further vectors: all are there, or the request failed or was cancelled.</summary>
    internal bool IsOver => _answer.Task.IsCompleted;

    /// <summary>Texts that were not taken yet.</summary>
    internal int Remaining => _texts.Length - _taken;

    /// <summary>Takes the next texts.</summary>
    /// <param name="most">At most so many.</param>
    internal IEnumerable<EmbeddingText> Take(int most)
    {
        int count = Math.Min(most, Remaining);
        int[] places = _order[_taken..(_taken + count)];
        _taken += count;
        return places.Select(place => new EmbeddingText(this, place, _texts[place]));
    }

    /// <summary>Puts a vector into its place; the last one ends the request. One thread calls it.</summary>
    /// <param name="place">The text's place in the caller's order.</param>
    /// <param name="vector">Its vector.</param>
    internal void Put(int place, float[] vector)
    {
        _vectors[place] = vector;
        if (++_computed == _texts.Length)
            _answer.TrySetResult(_vectors);
    }

    internal void Cancel(CancellationToken cancellationToken) => _answer.TrySetCanceled(cancellationToken);

    internal void Fail(Exception error) => _answer.TrySetException(error);
}

/// <summary>A text of a request.</summary>
/// <param name="Request">The request.</param>
/// <param name="Place">The text's place in the caller's order.</param>
/// <param name="Text">The text.</param>
internal readonly record struct EmbeddingText(EmbeddingRequest Request, int Place, string Text);
