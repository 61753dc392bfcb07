namespace Microsoft.ML.Perceiver;

/// <summary>
/// The prediction engines of one model. Each has a thread of its own, as libtorch keeps memory for every thread that calls it and the
/// thread pool's come and go. They share the model's weights.
/// </summary>
internal sealed class EngineGroup<TInput, TOutput> : IDisposable
    where TInput : class
    where TOutput : class, new()
{
    private readonly RequestQueue<TInput, TOutput> _queue;
    private readonly TInput? _trial;
    private readonly IDisposable? _owned;
    private readonly Thread[] _threads;
    private readonly CountdownEvent _tried;
    private readonly ManualResetEventSlim _opened = new();
    private Exception? _fault;
    private bool _isStopped;

    /// <summary>Makes the engines and lets each predict the trial's row; they take no requests yet.</summary>
    /// <param name="context">The context that the model was loaded with.</param>
    /// <param name="model">The model.</param>
    /// <param name="isOwned">Whether the model is disposed with the engines, and where they cannot be made.</param>
    /// <param name="queue">Where they take requests from.</param>
    /// <param name="options">How many there are, their columns, and the trial's row.</param>
    /// <exception cref="InvalidOperationException">The trial's row cannot be predicted, or the columns do not fit.</exception>
    internal EngineGroup(
        MLContext context,
        ITransformer model,
        bool isOwned,
        RequestQueue<TInput, TOutput> queue,
        PerceiverPoolOptions<TInput, TOutput> options)
    {
        _queue = queue;
        _trial = options.TrialInput;
        _owned = isOwned ? model as IDisposable : null;
        _tried = new CountdownEvent(options.Engines);
        try
        {
            // The model is disposed by this group, at its end, and by no engine.
            var engineOptions = new PredictionEngineOptions
            {
                OwnsTransformer = false,
                InputSchemaDefinition = options.InputSchemaDefinition,
                OutputSchemaDefinition = options.OutputSchemaDefinition,
            };
            var engines = Enumerable.Range(0, options.Engines)
                .Select(_ => context.Model.CreatePredictionEngine<TInput, TOutput>(model, engineOptions))
                .ToArray();
            OutputSchema = engines[0].OutputSchema;
            _threads = [.. engines.Select(engine => new Thread(() => Serve(engine)) { IsBackground = true, Name = "Prediction engine" })];
        }
        catch
        {
            _owned?.Dispose();
            throw;
        }

        foreach (var thread in _threads)
            thread.Start();
        _tried.Wait();
        if (_fault is { } fault)
        {
            Dispose();
            throw new InvalidOperationException($"The model cannot predict TrialInput. {fault.Message}", fault);
        }
    }

    /// <summary>The columns that the model writes.</summary>
    internal DataViewSchema OutputSchema { get; }

    /// <summary>When they were made.</summary>
    internal DateTimeOffset LoadedAt { get; } = DateTimeOffset.UtcNow;

    /// <summary>Lets the engines take requests.</summary>
    internal void Open() => _opened.Set();

    private void Serve(PredictionEngine<TInput, TOutput> engine)
    {
        using (engine)
        {
            Try(engine);
            _opened.Wait();
            while (_queue.Take(() => _isStopped) is { } request)
            {
                request.Run(engine);
                _queue.Release();
            }
        }
    }

    private void Try(PredictionEngine<TInput, TOutput> engine)
    {
        try
        {
            if (_trial is not null)
                engine.Predict(_trial);
        }
        catch (Exception e)
        {
            Volatile.Write(ref _fault, e);
        }
        finally
        {
            _tried.Signal();
        }
    }

    /// <summary>Waits for the requests that are predicted now, and releases the engines and, where it is owned, the model.</summary>
    public void Dispose()
    {
        _queue.Stop(() => _isStopped = true);
        _opened.Set();
        foreach (var thread in _threads)
            thread.Join();
        _opened.Dispose();
        _tried.Dispose();
        _owned?.Dispose();
    }
}
