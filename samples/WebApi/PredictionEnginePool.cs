using System.Collections.Concurrent;
using Microsoft.ML;

namespace WebApi;

/// <summary>
/// Prediction engines over one model, for many callers: an engine serves one at a time, and who finds none free waits. The engines share the
/// model's weights.
/// </summary>
/// <typeparam name="TData">What is predicted.</typeparam>
/// <typeparam name="TPrediction">The answer.</typeparam>
internal sealed class PredictionEnginePool<TData, TPrediction> : IDisposable
    where TData : class
    where TPrediction : class, new()
{
    private readonly ITransformer _model;
    private readonly SemaphoreSlim _free;
    private readonly ConcurrentBag<PredictionEngine<TData, TPrediction>> _engines = [];

    /// <summary>Makes the engines.</summary>
    /// <param name="mlContext">The context that the model was loaded with.</param>
    /// <param name="model">The model, which becomes the pool's.</param>
    /// <param name="size">How many engines there are, 1 at least.</param>
    public PredictionEnginePool(MLContext mlContext, ITransformer model, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        _model = model;
        _free = new SemaphoreSlim(size, size);
        for (int i = 0; i < size; i++)
        {
            _engines.Add(mlContext.Model.CreatePredictionEngine<TData, TPrediction>(model, new PredictionEngineOptions { OwnsTransformer = false }));
        }
    }

    /// <summary>How many engines wait for work.</summary>
    public int Free => _free.CurrentCount;

    /// <summary>The columns that the model writes.</summary>
    public DataViewSchema OutputSchema => _engines.First().OutputSchema;

    /// <summary>Predicts with the next free engine.</summary>
    /// <param name="data">What is predicted.</param>
    /// <param name="cancellation">Ends the wait for an engine.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<TPrediction> PredictAsync(TData data, CancellationToken cancellation = default)
    {
        await _free.WaitAsync(cancellation);
        try
        {
            return Predict(data);
        }
        finally
        {
            _free.Release();
        }
    }

    // The semaphore has let no more callers in than there are engines.
    private TPrediction Predict(TData data)
    {
        if (!_engines.TryTake(out var engine))
            throw new InvalidOperationException("There is no free engine.");
        try
        {
            return engine.Predict(data);
        }
        finally
        {
            _engines.Add(engine);
        }
    }

    public void Dispose()
    {
        foreach (var engine in _engines)
            engine.Dispose();
        (_model as IDisposable)?.Dispose();
        _free.Dispose();
    }
}
