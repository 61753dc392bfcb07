using System.Collections.Concurrent;
using Microsoft.ML;

namespace WebApi;

/// <summary>
/// Prediction engines over one model, for many callers. Each engine has a thread of its own, as libtorch keeps memory for every thread that
/// calls it and the server's own come and go; callers wait without one. The engines share the model's weights.
/// </summary>
/// <typeparam name="TData">What is predicted.</typeparam>
/// <typeparam name="TPrediction">The prediction.</typeparam>
internal sealed class PredictionEnginePool<TData, TPrediction> : IDisposable
    where TData : class
    where TPrediction : class, new()
{
    private readonly ITransformer _model;
    private readonly BlockingCollection<Work> _waiting = [];
    private readonly Thread[] _threads;

    /// <summary>Makes the engines.</summary>
    /// <param name="mlContext">The context that the model was loaded with.</param>
    /// <param name="model">The model, which becomes the pool's.</param>
    /// <param name="size">How many engines there are, 1 at least.</param>
    public PredictionEnginePool(MLContext mlContext, ITransformer model, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        _model = model;
        var options = new PredictionEngineOptions { OwnsTransformer = false };
        var engines = Enumerable.Range(0, size)
            .Select(_ => mlContext.Model.CreatePredictionEngine<TData, TPrediction>(model, options))
            .ToArray();
        OutputSchema = engines[0].OutputSchema;
        _threads = [.. engines.Select(engine => new Thread(() => Serve(engine)) { IsBackground = true, Name = "Prediction engine" })];
        foreach (var thread in _threads)
            thread.Start();
    }

    /// <summary>The columns that the model writes.</summary>
    public DataViewSchema OutputSchema { get; }

    /// <summary>Predicts with the next free engine.</summary>
    /// <param name="data">What is predicted.</param>
    /// <param name="cancellation">Ends the wait for the prediction.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task<TPrediction> PredictAsync(TData data, CancellationToken cancellation = default)
    {
        var work = new Work(data, cancellation);
        _waiting.Add(work, cancellation);
        return work.Prediction.Task.WaitAsync(cancellation);
    }

    private void Serve(PredictionEngine<TData, TPrediction> engine)
    {
        using (engine)
        {
            // Nobody waits for what was cancelled.
            foreach (var work in _waiting.GetConsumingEnumerable().Where(w => !w.Cancellation.IsCancellationRequested))
            {
                try
                {
                    work.Prediction.SetResult(engine.Predict(work.Data));
                }
                catch (Exception e)
                {
                    // It is the caller's, and the engine goes on.
                    work.Prediction.SetException(e);
                }
            }
        }
    }

    /// <summary>Predicts for what is waiting, and releases the engines and the model.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        foreach (var thread in _threads)
            thread.Join();
        _waiting.Dispose();
        (_model as IDisposable)?.Dispose();
    }

    private sealed record Work(TData Data, CancellationToken Cancellation)
    {
        public TaskCompletionSource<TPrediction> Prediction { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
