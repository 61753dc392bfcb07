using System.Globalization;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// How time grows with the input's length, the points that are decoded, and the batch: a straight line is fitted, and how much of the
/// times' variance it explains is told beside the cost at the longest over that at the shortest. The widths are the published language
/// model's, with one layer, so that what grows is not hidden behind the latents' own work. The least of several times counts, as a
/// disturbance only adds.
/// </summary>
internal static class Scaling
{
    private const int Turns = 9;

    internal static IEnumerable<string> Measure()
    {
        using var inference = inference_mode();
        using var model = new PerceiverForMaskedLM(PublishedSize.Language with { NumSelfAttendsPerBlock = 1 });
        double Seconds(int batch, int bytes, int points)
        {
            using var scope = NewDisposeScope();
            var ids = full([batch, bytes], 70L);
            var positions = arange(points).expand(batch, -1);
            return Measured.Seconds(() => model.LogitsAt(ids, positions).Dispose());
        }

        return
        [
            .. Fit("input_length", [512, 1024, 1536, 2048], n => Seconds(1, n, 1)),
            .. Fit("output_points", [256, 512, 1024, 2048], n => Seconds(1, 128, n)),
            .. Fit("batch", [1, 2, 4, 8], n => Seconds(n, 512, 8)),
        ];
    }

    private static IEnumerable<string> Fit(string name, int[] sizes, Func<int, double> seconds)
    {
        foreach (int size in sizes)
            seconds(size);
        // By turns, so that a disturbance hits all sizes alike.
        var secondsOf = sizes.ToDictionary(n => n, _ => new List<double>());
        for (int turn = 0; turn < Turns; turn++)
        {
            foreach (int size in sizes)
                secondsOf[size].Add(seconds(size));
        }

        double[] x = [.. sizes.Select(n => (double)n)], y = [.. sizes.Select(n => secondsOf[n].Min())];
        double meanX = x.Average(), meanY = y.Average();
        double slope = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
        double left = x.Zip(y, (a, b) => b - meanY - (slope * (a - meanX))).Sum(e => e * e);
        double all = y.Sum(b => (b - meanY) * (b - meanY));
        var times = sizes.Zip(y, (n, t) => string.Create(CultureInfo.InvariantCulture, $"{n} {1000 * t:f1} ms"));
        Console.WriteLine($"{name}: {string.Join(", ", times)}");
        yield return Measured.Figure($"scaling_{name}_r2", 1 - (left / all), "");
        yield return Measured.Figure($"scaling_{name}_time_ratio", y[^1] / y[0], "ratio");
    }
}
