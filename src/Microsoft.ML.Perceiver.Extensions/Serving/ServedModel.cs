using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A model that is served, which another may take the place of while requests come: the other one is loaded and tried first, and the old
/// one is disposed when its last prediction is made. Requests that wait are then predicted by the new one.
/// </summary>
internal sealed class ServedModel<TInput, TOutput> : IDisposable
    where TInput : class
    where TOutput : class, new()
{
    private readonly string _name, _label;
    private readonly PerceiverPoolOptions<TInput, TOutput> _options;
    private readonly string? _path;
    private readonly ServingMetrics _metrics;
    private readonly TagList _tags;
    private readonly ILogger _logger;
    private readonly RefusalLog _refusals;
    private readonly ModelLoader<TInput, TOutput> _loader;
    private readonly RequestQueue<TInput, TOutput> _queue;
    private readonly SemaphoreSlim _loading = new(1);
    private volatile EngineGroup<TInput, TOutput>? _engines;
    private FileWatch? _watch;
    private volatile string? _loadError;
    private volatile bool _isDisposed;

    internal ServedModel(
        string name, PerceiverPoolOptions<TInput, TOutput> options, ContentRoot root, ServingMetrics metrics, ILogger logger)
    {
        (_name, _options, _metrics, _logger) = (name, options, metrics, logger);
        _label = ModelNames.Describe<TInput, TOutput>(name);
        _path = options.FilePath is { } path ? root.Resolve(path) : null;
        _loader = new ModelLoader<TInput, TOutput>(_label, _path, options, logger);
        _refusals = new RefusalLog(logger, _label);
        _queue = new RequestQueue<TInput, TOutput>((int)Math.Min((long)options.Engines + options.MaxQueueLength, int.MaxValue));
        _tags = ServingMetrics.TagsOf<TInput>(name);
        metrics.AddQueue(this, _tags, () => _queue.Waiting);
    }

    internal PerceiverModelStatus Status => new()
    {
        Name = _name,
        LoadedAt = _isDisposed ? null : _engines?.LoadedAt,
        LoadError = _loadError,
        QueueLength = _queue.Waiting,
        MaxQueueLength = _options.MaxQueueLength,
        IsQueueFull = _queue.IsFull,
    };

    /// <summary>The columns of the model that is served now.</summary>
    internal DataViewSchema OutputSchema => Loaded().OutputSchema;

    /// <summary>Loads the model unless that was done.</summary>
    internal EngineGroup<TInput, TOutput> Loaded()
    {
        if (_engines is { } done)
            return done;
        _loading.Wait();
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(PerceiverPool<TInput, TOutput>));
            return _engines ?? LoadFirst();
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>Predicts with the next free engine.</summary>
    internal async Task<PerceiverPrediction<TOutput>> PredictAsync(TInput input, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        string outcome = Outcomes.Failed;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            Loaded();
            var prediction = await EnqueueAsync(input, cancellationToken).ConfigureAwait(false);
            outcome = Outcomes.Ok;
            return prediction;
        }
        catch (PerceiverQueueFullException)
        {
            outcome = Outcomes.Refused;
            throw;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            outcome = Outcomes.Cancelled;
            throw;
        }
        catch (Exception e)
        {
            _metrics.Failure(_tags, e);
            ServingLog.PredictionFailed(_logger, e, _label);
            throw;
        }
        finally
        {
            _metrics.Request(_tags, outcome, started);
        }
    }

    /// <summary>Loads the model again, or for the first time.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled before the model was being loaded.</exception>
    internal async Task ReloadAsync(CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(PerceiverPool<TInput, TOutput>));
            Action load = _engines is null ? () => LoadFirst() : Replace;
            await Task.Run(load, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _loading.Release();
        }
    }

    private async Task<PerceiverPrediction<TOutput>> EnqueueAsync(TInput input, CancellationToken cancellationToken)
    {
        var request = new Request<TInput, TOutput>(input);
        if (_queue.TryAdd(request) is not { } place)
        {
            int waiting = _queue.Waiting;
            _refusals.Add(waiting);
            throw new PerceiverQueueFullException(
                $"{_label}: all {_options.Engines} engines are busy and {waiting} requests wait, which is as many as MaxQueueLength "
                + $"({_options.MaxQueueLength}) allows. Try again later.");
        }

        using var registration = cancellationToken.UnsafeRegister(
            _ =>
            {
                _queue.Remove(place);
                request.Cancel(cancellationToken);
            },
            null);
        return await request.Answer.ConfigureAwait(false);
    }

    private EngineGroup<TInput, TOutput> LoadFirst()
    {
        try
        {
            var read = _options.WatchForChanges ? FileStamp.Of(_path!) : null;
            var engines = _loader.Load(_queue);
            engines.Open();
            Use(engines);
            if (_options.WatchForChanges)
                _watch = new FileWatch(_path!, _options.WatchInterval, read, ReloadChangedAsync);
            ServingLog.Loaded(_logger, _label, _loader.Description, _options.Engines, TorchRuntime.Description);
            return engines;
        }
        catch (Exception e)
        {
            _loadError = e.Message;
            _metrics.Failure(_tags, e);
            ServingLog.LoadFailed(_logger, e, _label, _loader.Description);
            throw;
        }
    }

    private void Replace()
    {
        EngineGroup<TInput, TOutput> next;
        try
        {
            _watch?.MarkRead();
            next = _loader.Load(_queue);
        }
        catch (Exception e)
        {
            _loadError = e.Message;
            _metrics.Failure(_tags, e);
            _metrics.Reload(_tags, Outcomes.Failed);
            ServingLog.ReloadFailed(_logger, e, _label, _loader.Description);
            throw;
        }

        var old = _engines!;
        next.Open();
        Use(next);
        old.Dispose();
        _metrics.Reload(_tags, Outcomes.Ok);
        ServingLog.Reloaded(_logger, _label, _loader.Description);
    }

    private void Use(EngineGroup<TInput, TOutput> engines)
    {
        _engines = engines;
        _loadError = null;
    }

    // The log and the health check say what went wrong.
    private async Task ReloadChangedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReloadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
        }
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _watch?.Dispose();
        _loading.Wait();
        try
        {
            _isDisposed = true;
            _queue.Close();
            _engines?.Dispose();
            _metrics.RemoveQueue(this);
        }
        finally
        {
            _loading.Release();
        }
    }
}
