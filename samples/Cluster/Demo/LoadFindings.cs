using System.Collections.Concurrent;
using WebApi;

namespace Cluster.Demo;

/// <summary>What clients saw.</summary>
internal sealed class LoadFindings
{
    private long _requests, _failed, _wrong, _mixed;
    private string? _firstFault;

    /// <summary>Requests that were sent.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Requests without an answer.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Answers that are not those of the version that they name.</summary>
    public long Wrong => Interlocked.Read(ref _wrong);

    /// <summary>Of those, answers whose texts were classified by more than one version.</summary>
    public long Mixed => Interlocked.Read(ref _mixed);

    /// <summary>The first fault in words; null where there was none.</summary>
    public string? FirstFault => _firstFault;

    /// <summary>How long the clients sent requests.</summary>
    public TimeSpan Duration { get; set; }

    /// <summary>Answers by silo.</summary>
    public ConcurrentDictionary<string, long> Silos { get; } = new();

    /// <summary>Answers by version.</summary>
    public ConcurrentDictionary<string, long> Versions { get; } = new();

    /// <summary>The times of the answers.</summary>
    public LatencyHistogram Latencies { get; } = new();

    /// <summary>Answers a second.</summary>
    public double RequestsPerSecond => (Requests - Failed) / Duration.TotalSeconds;

    /// <summary>The share of the silo that answered the fewest; of one silo, 0.</summary>
    public double SmallestShare => Silos.Count < 2 ? 0 : (double)Silos.Values.Min() / Silos.Values.Sum();

    /// <summary>Counts an answer.</summary>
    public void Answered(string silo, string version, TimeSpan time)
    {
        Interlocked.Increment(ref _requests);
        Silos.AddOrUpdate(silo, 1, (_, count) => count + 1);
        Versions.AddOrUpdate(version, 1, (_, count) => count + 1);
        Latencies.Add(time);
    }

    /// <summary>Counts a request without an answer.</summary>
    public void AddFailed(string fault)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Increment(ref _failed);
        Interlocked.CompareExchange(ref _firstFault, fault, null);
    }

    /// <summary>Counts an answer that is wrong.</summary>
    public void AddWrong(string fault, bool isMixed)
    {
        Interlocked.Increment(ref _wrong);
        if (isMixed)
            Interlocked.Increment(ref _mixed);
        Interlocked.CompareExchange(ref _firstFault, fault, null);
    }
}
