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

    public void Dispose()
    {
        _left.Dispose();
        _right.Dispose();
    }

    private static Tensor Random(ScalarType type) => rand([Side, Side]).sub_(0.5).to(type);
}
