using Cluster.Grains;
using WebApi;

namespace Cluster.Serving;

/// <summary>
/// The model of a task, and how another version takes its place: loaded beside it, in use from one request to the next, the older one
/// freed when its last request has ended. All inputs of a request are classified by the version that was served when it came.
/// </summary>
/// <typeparam name="TInput">The class of a row.</typeparam>
internal abstract class VersionedTask<TInput> : ServedTask, IAsyncDisposable
    where TInput : class
{
    private readonly ModelStore _store;
    private readonly EngineOptions _engines;
    private readonly SiloPlaces _places;
    private readonly SiloName _silo;
    private readonly ILoggerFactory _loggers;
    private readonly SemaphoreSlim _swapping = new(1);
    private readonly Lock _lock = new();
    private readonly List<ModelVersion<TInput>> _inMemory = [];
    private ModelVersion<TInput>? _current;

    protected VersionedTask(ModelStore store, EngineOptions engines, SiloPlaces places, SiloName silo, ILoggerFactory loggers) =>
        (_store, _engines, _places, _silo, _loggers) = (store, engines, places, silo, loggers);

    /// <inheritdoc/>
    public override string? Version
    {
        get
        {
            lock (_lock)
                return _current?.Name;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> InMemory
    {
        get
        {
            lock (_lock)
                return [.. _inMemory.Where(v => !v.Freed.IsCompleted).Select(v => v.Name)];
        }
    }

    /// <summary>A row that every version must be able to predict.</summary>
    protected abstract TInput Trial { get; }

    /// <inheritdoc/>
    public override async Task ServeAsync(string version)
    {
        await _swapping.WaitAsync();
        try
        {
            if (Version == version)
                return;
            var next = await Task.Run(() => new ModelVersion<TInput>(
                Name, version, _store.PathOf(Name, version), _engines, Trial, _loggers));
            ModelVersion<TInput>? old;
            lock (_lock)
            {
                old = _current;
                _current = next;
                _inMemory.RemoveAll(v => v.Freed.IsCompleted);
                _inMemory.Add(next);
            }

            old?.Leave();
        }
        catch (Exception e) when (e is not ModelSwapException)
        {
            string goesOn = Version is { } old ? $"version {old} goes on" : "there is none yet";
            throw new ModelSwapException($"Silo {_silo.Value} cannot serve version '{version}' of {Name}; {goesOn}. {e.Message}");
        }
        finally
        {
            _swapping.Release();
        }
    }

    /// <summary>Classifies the rows of a request.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="cancellation">Ends the wait.</param>
    protected async Task<Reply> PredictAsync(IReadOnlyList<TInput> rows, CancellationToken cancellation)
    {
        if (!_places.TryTake(rows.Count))
            return new Reply { Silo = _silo.Value, IsBusy = true };
        try
        {
            var version = Enter();
            try
            {
                var predictions = await Task.WhenAll(rows.Select(row => version.PredictAsync(row, cancellation)));
                return new Reply
                {
                    Silo = _silo.Value,
                    Version = version.Name,
                    Answers = [.. predictions.Select(Answer.Of).Select(a => new Labels(a.PredictedLabel, new(a.Score)))],
                };
            }
            finally
            {
                version.Leave();
            }
        }
        finally
        {
            _places.Return(rows.Count);
        }
    }

    /// <summary>The reply to an input that cannot be classified.</summary>
    /// <param name="fault">What is wrong with it.</param>
    protected Reply Refuse(string fault) => new() { Silo = _silo.Value, Fault = fault };

    private ModelVersion<TInput> Enter()
    {
        lock (_lock)
        {
            var version = _current ?? throw new InvalidOperationException($"No model of {Name} is served yet.");
            version.Enter();
            return version;
        }
    }

    /// <summary>Frees all versions, once their requests have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        ModelVersion<TInput>[] all;
        lock (_lock)
        {
            all = [.. _inMemory];
            _current?.Leave();
            _current = null;
        }

        await Task.WhenAll(all.Select(v => v.Freed));
        _swapping.Dispose();
    }
}
