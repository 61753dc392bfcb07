using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// Products of 8-bit integers, as <see cref="PerceiverPrecision.Int8"/> makes them, beside float32 and bfloat16, at the size of the
/// language model's feed-forward maps. The gain decides whether an 8-bit path is worth its error.
/// </summary>
internal static class Int8ProductTimes
{
    private const int Rows = 256, Channels = 1280, Turns = 15;

    internal static IEnumerable<string> Measure()
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        using var linear = new PerceiverLinear(Channels, Channels);
        PerceiverModuleParameters.Initialize(linear, 1, 0.02);
        using var map = new Int8Map(linear.Numbers);
        var (x, weight, bias) = (randn(Rows, Channels), linear.Weight, linear.Bias);
        var (x16, weight16, bias16) = (x.to(ScalarType.BFloat16), weight.to(ScalarType.BFloat16), bias.to(ScalarType.BFloat16));
        var times = new (string Name, Func<Tensor> Run, List<double> Seconds)[]
        {
            ("float32", () => nn.functional.linear(x, weight, bias), []),
            ("bfloat16", () => nn.functional.linear(x16, weight16, bias16), []),
            ("int8", () => map.Apply(x), []),
        };
        for (int i = 0; i < Turns; i++)
        {
            foreach (var (_, run, seconds) in times)
                seconds.Add(Measured.Seconds(() => run().Dispose()));
        }

        double[] medians = [.. times.Select(t => Measured.Median(t.Seconds))];
        var exact = nn.functional.linear(x, weight, bias);
        double error = ((map.Apply(x) - exact).norm() / exact.norm()).item<float>();
        return
        [
            .. times.Zip(medians, (t, m) => Measured.Figure($"linear_{t.Name}_gflops", 2e-9 * Rows * Channels * Channels / m, "GFLOP/s")),
            Measured.Figure("int8_over_bfloat16_speedup", medians[1] / medians[2], "ratio"),
            Measured.Figure("int8_over_float32_speedup", medians[0] / medians[2], "ratio"),
            Measured.Figure("int8_relative_error", error, "fraction"),
        ];
    }
}
