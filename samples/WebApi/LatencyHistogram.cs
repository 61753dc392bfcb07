namespace WebApi;

/// <summary>How often which time was taken. Its size is fixed, as a list of times would grow in a test of memory.</summary>
internal sealed class LatencyHistogram
{
    private const double Step = 0.1;
    private readonly long[] _counts = new long[600_000];

    /// <summary>Counts a time; all above a minute as a minute.</summary>
    public void Add(TimeSpan time) => Interlocked.Increment(ref _counts[(int)Math.Min(time.TotalMilliseconds / Step, _counts.Length - 1)]);

    /// <summary>The time in milliseconds that a share of all did not exceed; 0 where there are none.</summary>
    public double Percentile(double share)
    {
        double wanted = _counts.Sum() * share, seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen > 0 && seen >= wanted)
                return (i + 1) * Step;
        }

        return 0;
    }
}
