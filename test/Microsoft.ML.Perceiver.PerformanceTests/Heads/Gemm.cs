using System.Diagnostics;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>How fast this machine multiplies matrices: a plain product of 1,280 x 1,280, what everything else is held against.</summary>
internal sealed class Gemm : IDisposable
{
    private const int Side = 1280;
    private readonly Tensor _left, _right;

    internal Gemm(ScalarType type) => (_left, _right) = (Random(type), Random(type));

    /// <summary>Operations a second, in thousands of millions, in about a fifth of a second.</summary>
    internal double Rate()
    {
        const double least = 0.2;
        long start = Stopwatch.GetTimestamp();
        int count = 0;
        do
        {
            using var product = matmul(_left, _right);
            count++;
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < least);
        return 2e-9 * Side * Side * Side * count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The median of several rates.</summary>
    internal static double Median(ScalarType type)
    {
        using var gemm = new Gemm(type);
        gemm.Rate();
        return Measured.Median(Enumerable.Range(0, 9).Select(_ => gemm.Rate()));
    }

    /// <summary>
    /// Runs something by turns with the product, so that both meet the same machine, three times at least and for some seconds.
    /// </summary>
    /// <param name="type">The product's type.</param>
    /// <param name="run">What is run.</param>
    /// <returns>
    /// Its median time, and the arithmetic that the product would have done meanwhile, in thousands of millions of operations.
    /// </returns>
    internal static (double Seconds, double Work) ByTurns(ScalarType type, Action run)
    {
        const int least = 3, most = 15;
        var enough = TimeSpan.FromSeconds(12);
        using var gemm = new Gemm(type);
        gemm.Rate();
        var times = new List<double>();
        var rates = new List<double> { gemm.Rate() };
        long began = Stopwatch.GetTimestamp();
        while (times.Count < least || (times.Count < most && Stopwatch.GetElapsedTime(began) < enough))
        {
            times.Add(Measured.Seconds(run));
            rates.Add(gemm.Rate());
        }

        // Each run is held against the product before and after it.
        return (Measured.Median(times), Measured.Median(times.Select((t, i) => t * (rates[i] + rates[i + 1]) / 2)));
    }

    public void Dispose()
    {
        _left.Dispose();
        _right.Dispose();
    }

    private static Tensor Random(ScalarType type) => rand([Side, Side]).sub_(0.5).to(type);
}
