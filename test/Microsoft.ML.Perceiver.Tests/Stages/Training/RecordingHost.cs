using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver.Tests.Stages.Training;

/// <summary>A host whose progress channels are listened to; everything else is a real host's.</summary>
public class RecordingHost : DispatchProxy
{
    private IHost _inner = null!;
    private Action<IProgressEntry>? _fill;

    internal IHost Host => (IHost)(object)this;

    internal ProgressHeader? Header { get; private set; }

    internal List<double?[]> Checkpoints { get; } = [];

    internal static RecordingHost Over(IHost inner)
    {
        var proxy = (RecordingHost)(object)Create<IHost, RecordingHost>();
        proxy._inner = inner;
        return proxy;
    }

    /// <summary>The metrics that the filler gives now.</summary>
    internal double?[] Pull()
    {
        var entry = new Entry(Header!.MetricNames.Count);
        _fill!(entry);
        return entry.Metrics;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == nameof(IProgressChannelProvider.StartProgressChannel) ? new Channel(this) : targetMethod.Invoke(_inner, args);

    private sealed class Channel(RecordingHost host) : IProgressChannel
    {
        public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction) => (host.Header, host._fill) = (header, fillAction);

        public void Checkpoint(params double?[] values) => host.Checkpoints.Add(values);

        public IProgressChannel StartProgressChannel(string name) => this;

        public void Dispose()
        {
        }
    }

    private sealed class Entry(int metrics) : IProgressEntry
    {
        internal double?[] Metrics { get; } = new double?[metrics];

        public void SetProgress(int index, double value)
        {
        }

        public void SetProgress(int index, double value, double lim)
        {
        }

        public void SetMetric(int index, double value) => Metrics[index] = value;
    }
}
