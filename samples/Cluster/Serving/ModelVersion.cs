using Microsoft.ML.Perceiver;
using TextClassification;

namespace Cluster.Serving;

/// <summary>A version of a model with its engines. It is freed once nobody uses it any more.</summary>
/// <typeparam name="TInput">The class of a row.</typeparam>
internal sealed class ModelVersion<TInput>
    where TInput : class
{
    private readonly ServiceProvider _provider;
    private readonly PerceiverPool<TInput, MyModel.ModelOutput> _pool;
    private readonly TaskCompletionSource _freed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _users = 1;

    /// <summary>Loads a version and lets its engines predict a row.</summary>
    /// <param name="task">The task's name.</param>
    /// <param name="name">The version's.</param>
    /// <param name="path">Its file.</param>
    /// <param name="options">How many engines it has.</param>
    /// <param name="trial">The row.</param>
    /// <param name="loggers">Get what the pool logs.</param>
    /// <exception cref="Exception">It cannot be loaded, or does not predict the row.</exception>
    public ModelVersion(string task, string name, string path, EngineOptions options, TInput trial, ILoggerFactory loggers)
    {
        Name = name;
        // A container of its own: the pool ends with the version, and its metrics are tagged with the name.
        string label = $"{task} {name}";
        _provider = new ServiceCollection()
            .AddSingleton(loggers)
            .AddPerceiver<TInput, MyModel.ModelOutput>(label, pool =>
            {
                pool.FromFile(path);
                pool.Engines = options.Engines;
                pool.ThreadsPerEngine = options.ThreadsPerEngine;
                // The silo's places are the bound, so that this one is never reached.
                pool.MaxQueueLength = options.Places;
                pool.TrialInput = trial;
            })
            .BuildServiceProvider();
        try
        {
            _pool = _provider.GetRequiredService<PerceiverPool<TInput, MyModel.ModelOutput>>();
            // Which loads it.
            _pool.GetOutputSchema(label);
        }
        catch
        {
            _provider.Dispose();
            throw;
        }
    }

    /// <summary>The version's name.</summary>
    public string Name { get; }

    /// <summary>Ends when the version has been freed.</summary>
    public Task Freed => _freed.Task;

    /// <summary>Predicts a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<PerceiverPrediction<MyModel.ModelOutput>> PredictAsync(TInput row, CancellationToken cancellation) =>
        _pool.PredictWithSchemaAsync(_pool.ModelNames[0], row, cancellation);

    /// <summary>Keeps the version from being freed until <see cref="Leave"/> is called. It is in use when this is called.</summary>
    public void Enter()
    {
        lock (_lock)
            _users++;
    }

    /// <summary>Ends a use. The last one, after the version is no longer served, frees it.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_users > 0)
                return;
        }

        // The pool waits for its threads, which a request that ends should not.
        _ = Task.Run(Free);
    }

    private void Free()
    {
        try
        {
            _provider.Dispose();
        }
        finally
        {
            _freed.SetResult();
        }
    }
}
