namespace Microsoft.ML.Perceiver;

/// <summary>A row that waits for its prediction.</summary>
/// <param name="input">The row.</param>
internal sealed class Request<TInput, TOutput>(TInput input)
    where TInput : class
    where TOutput : class, new()
{
    // Who waits goes on in a thread of its own: the engine's is for the next request.
    private readonly TaskCompletionSource<PerceiverPrediction<TOutput>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<PerceiverPrediction<TOutput>> Answer => _answer.Task;

    /// <summary>Predicts with an engine. What goes wrong is the caller's, and the engine goes on.</summary>
    internal void Run(PredictionEngine<TInput, TOutput> engine)
    {
        try
        {
            _answer.TrySetResult(new PerceiverPrediction<TOutput>(engine.Predict(input), engine.OutputSchema));
        }
        catch (Exception e)
        {
            _answer.TrySetException(e);
        }
    }

    internal void Cancel(CancellationToken cancellationToken) => _answer.TrySetCanceled(cancellationToken);

    internal void Fail(Exception error) => _answer.TrySetException(error);
}
