using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.ML.Perceiver.Extensions.Tests;

/// <summary>The meter's instruments and what they measure.</summary>
[TestClass]
public sealed class MetricsTests
{
    [TestMethod]
    public async Task Requests_are_counted_by_how_they_end()
    {
        using var gate = new Gate();
        await using var services = Of(options =>
        {
            options.FromModel(context => ScriptedModel.Create(context, text => Predict(text, gate)));
            (options.Engines, options.MaxQueueLength) = (1, 2);
        });
        using var meter = new Recording(services);
        var pool = services.Pool();
        var running = pool.PredictAsync("mail", new TextInput { Text = "held" });
        await gate.NextAsync();
        using var cancellation = new CancellationTokenSource();
        var failing = pool.PredictAsync("mail", new TextInput { Text = "fail" });
        var cancelled = pool.PredictAsync("mail", new TextInput(), cancellation.Token);
        await Assert.ThrowsExactlyAsync<PerceiverQueueFullException>(() => pool.PredictAsync("mail", new TextInput()));
        Assert.AreEqual(2, meter.Observe("perceiver.queue.length"));
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => cancelled);
        gate.Open();
        await running;
        await Assert.ThrowsAsync<Exception>(() => failing);
        Assert.AreEqual(0, meter.Observe("perceiver.queue.length"));

        foreach (string outcome in (string[])["ok", "failed", "cancelled", "refused"])
        {
            Assert.AreEqual(1, meter.Sum("perceiver.requests", ("perceiver.outcome", outcome)), outcome);
            // What was refused at once would make the latency look better than it is.
            int times = outcome == "refused" ? 0 : 1;
            Assert.AreEqual(times, meter.Count("perceiver.request.duration", ("perceiver.outcome", outcome)), outcome);
        }

        Assert.AreEqual(1, meter.Sum("perceiver.failures"));
        Assert.AreEqual(4, meter.Count("perceiver.requests", ("perceiver.model", "mail"), ("perceiver.input", nameof(TextInput))));
        double slowest = meter.Max("perceiver.request.duration");
        Assert.IsTrue(slowest is > 0 and < 60, $"{slowest} s");
    }

    [TestMethod]
    public async Task Reloads_are_counted_by_how_they_end()
    {
        int made = 0;
        await using var services = Of(options => options.FromModel(context =>
            made++ == 1 ? throw new FormatException("It is damaged.") : ScriptedModel.Create(context, _ => { })));
        using var meter = new Recording(services);
        await services.Pool().PredictAsync("mail", new TextInput());
        await Assert.ThrowsExactlyAsync<FormatException>(() => services.Pool().ReloadAsync("mail"));
        await services.Pool().ReloadAsync("mail");
        Assert.AreEqual(1, meter.Sum("perceiver.reloads", ("perceiver.outcome", "failed")));
        Assert.AreEqual(1, meter.Sum("perceiver.reloads", ("perceiver.outcome", "ok")));
        Assert.AreEqual(1, meter.Sum("perceiver.failures", ("error.type", "System.FormatException")));
    }

    [TestMethod]
    public async Task Instruments_have_units_and_a_pool_that_ended_measures_nothing()
    {
        var services = Of(options => options.FromModel(context => ScriptedModel.Create(context, _ => { })));
        using var meter = new Recording(services);
        await services.Pool().PredictAsync("mail", new TextInput());
        var units = meter.Units;
        string[] expected =
        [
            "perceiver.failures {failure}", "perceiver.queue.length {request}", "perceiver.reloads {reload}",
            "perceiver.request.duration s", "perceiver.requests {request}",
        ];
        CollectionAssert.AreEqual(expected, units.Order(StringComparer.Ordinal).ToArray());
        await services.DisposeAsync();
        meter.Clear();
        Assert.AreEqual(0, meter.Observe("perceiver.queue.length"));
        Assert.AreEqual(0, meter.Count("perceiver.queue.length"));
    }

    private static void Predict(string text, Gate gate)
    {
        if (text == "held")
            gate.Enter(text);
        if (text == "fail")
            throw new FormatException("Not this text.");
    }

    private static ServiceProvider Of(Action<PerceiverPoolOptions<TextInput, TextOutput>> configure) =>
        Services.Build(s => s.AddPerceiver("mail", configure));

    /// <summary>All that the meter of a container measures.</summary>
    private sealed class Recording : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<(string Name, double Value, Dictionary<string, object?> Tags)> _values = new();
        private readonly ConcurrentDictionary<string, bool> _units = new();

        internal Recording(IServiceProvider services)
        {
            // Meters of other containers have the same name.
            var factory = services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name != "Microsoft.ML.Perceiver" || instrument.Meter.Scope != factory)
                    return;
                _units[$"{instrument.Name} {instrument.Unit}"] = true;
                listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Add(i, value, tags));
            _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Add(i, value, tags));
            _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Add(i, value, tags));
            _listener.Start();
        }

        internal IReadOnlyCollection<string> Units => [.. _units.Keys];

        internal double Observe(string name)
        {
            Clear(name);
            _listener.RecordObservableInstruments();
            return Sum(name);
        }

        internal void Clear(string? name = null)
        {
            var kept = _values.Where(v => name is not null && v.Name != name).ToArray();
            _values.Clear();
            foreach (var value in kept)
                _values.Enqueue(value);
        }

        internal double Sum(string name, params (string Key, string Value)[] tags) => Of(name, tags).Sum();

        internal int Count(string name, params (string Key, string Value)[] tags) => Of(name, tags).Count();

        internal double Max(string name) => Of(name, []).Max();

        private IEnumerable<double> Of(string name, (string Key, string Value)[] tags) => _values
            .Where(v => v.Name == name && tags.All(tag => tag.Value.Equals(v.Tags.GetValueOrDefault(tag.Key))))
            .Select(v => v.Value);

        private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            _values.Enqueue((instrument.Name, value, tags.ToArray().ToDictionary(t => t.Key, t => t.Value)));

        public void Dispose() => _listener.Dispose();
    }
}
