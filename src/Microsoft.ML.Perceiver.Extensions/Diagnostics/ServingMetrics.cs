using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Microsoft.ML.Perceiver;

/// <summary>The meter <c>Microsoft.ML.Perceiver</c>; docs/dependency-injection.md lists names and units.</summary>
internal sealed class ServingMetrics : IDisposable
{
    internal const string MeterName = "Microsoft.ML.Perceiver";
    private const string ModelTag = "perceiver.model", InputTag = "perceiver.input";
    private const string OutcomeTag = "perceiver.outcome", ErrorTag = "error.type";

#if NET9_0_OR_GREATER
    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };
#endif

    private readonly Meter _meter;
    private readonly bool _isOwned;
    private readonly ConcurrentDictionary<object, (Func<int> Length, TagList Tags)> _queues = new(ReferenceEqualityComparer.Instance);
    private readonly Counter<long> _requests, _failures, _reloads;
    private readonly Histogram<double> _duration;

    /// <summary>Makes the instruments.</summary>
    /// <param name="factory">The program's factory of meters, which disposes them; null where it has none.</param>
    public ServingMetrics(IMeterFactory? factory)
    {
        _isOwned = factory is null;
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _requests = _meter.CreateCounter<long>("perceiver.requests", "{request}", "Requests that ended, by outcome.");
        _failures = _meter.CreateCounter<long>("perceiver.failures", "{failure}", "Predictions and loads that failed, by exception.");
        _reloads = _meter.CreateCounter<long>("perceiver.reloads", "{reload}", "Models that took the place of another, or failed to.");
        const string durations = "Time from a request to its prediction, the wait in the queue included.";
#if NET9_0_OR_GREATER
        _duration = _meter.CreateHistogram("perceiver.request.duration", "s", durations, advice: Buckets);
#else
        _duration = _meter.CreateHistogram<double>("perceiver.request.duration", "s", durations);
#endif
        _meter.CreateObservableGauge("perceiver.queue.length", Lengths, "{request}", "Requests that wait for an engine.");
    }

    /// <summary>The tags of a model.</summary>
    internal static TagList TagsOf<TInput>(string name) =>
        new() { { ModelTag, ModelNames.Label(name) }, { InputTag, typeof(TInput).Name } };

    /// <summary>Measures the length of a queue as long as it is not removed.</summary>
    internal void AddQueue(object queue, TagList tags, Func<int> length) => _queues[queue] = (length, tags);

    internal void RemoveQueue(object queue) => _queues.TryRemove(queue, out _);

    /// <summary>Counts a request that ended.</summary>
    /// <param name="tags">The model's tags; a copy.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="started">When it came (<see cref="Stopwatch.GetTimestamp"/>).</param>
    internal void Request(TagList tags, string outcome, long started)
    {
        tags.Add(OutcomeTag, outcome);
        _requests.Add(1, tags);
        if (outcome != Outcomes.Refused)
            _duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tags);
    }

    /// <summary>Counts a prediction or a load that failed.</summary>
    internal void Failure(TagList tags, Exception error)
    {
        tags.Add(ErrorTag, error.GetType().FullName);
        _failures.Add(1, tags);
    }

    /// <summary>Counts a model that took the place of another, or failed to.</summary>
    internal void Reload(TagList tags, string outcome)
    {
        tags.Add(OutcomeTag, outcome);
        _reloads.Add(1, tags);
    }

    private IEnumerable<Measurement<int>> Lengths() =>
        _queues.Values.Select(queue => new Measurement<int>(queue.Length(), queue.Tags.ToArray()));

    public void Dispose()
    {
        if (_isOwned)
            _meter.Dispose();
    }
}
