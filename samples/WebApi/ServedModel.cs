using Microsoft.ML;
using TextClassification;
using Pool = WebApi.PredictionEnginePool<TextClassification.MyModel.ModelInput, TextClassification.MyModel.ModelOutput>;

namespace WebApi;

/// <summary>
/// The model that is served, which another may take the place of while requests come: what waits for the old one is still answered by it,
/// and it is disposed afterwards.
/// </summary>
internal sealed class ServedModel : IDisposable
{
    private readonly Lock _lock = new();
    private readonly int _engines;
    private Generation _current;

    /// <summary>Loads a model.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="engines">How many requests are scored at once.</param>
    public ServedModel(string path, int engines)
    {
        _engines = engines;
        _current = Load(path, engines);
    }

    /// <summary>Classifies a text with the model that is served now.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellation">Ends the wait for the prediction.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<Answer> PredictAsync(string text, CancellationToken cancellation)
    {
        var (prediction, labels) = Begin(text, cancellation);
        return Answer.Of(await prediction, labels);
    }

    /// <summary>Loads another model, serves it from then on, and releases the one before when its last request is answered.</summary>
    /// <param name="path">The other model's file.</param>
    public void Swap(string path)
    {
        var next = Load(path, _engines);
        Generation old;
        lock (_lock)
            (old, _current) = (_current, next);
        old.Pool.Dispose();
    }

    public void Dispose() => _current.Pool.Dispose();

    // Under the lock, so that no request is added to a pool that is being emptied.
    private (Task<MyModel.ModelOutput> Prediction, string[] Labels) Begin(string text, CancellationToken cancellation)
    {
        lock (_lock)
            return (_current.Pool.PredictAsync(new MyModel.ModelInput { Text = text }, cancellation), _current.Labels);
    }

    private static Generation Load(string path, int engines)
    {
        var mlContext = new MLContext();
        var pool = new Pool(mlContext, mlContext.Model.Load(path, out _), engines);
        return new Generation(pool, Samples.SavedModel.Labels(pool.OutputSchema));
    }

    private sealed record Generation(Pool Pool, string[] Labels);
}
