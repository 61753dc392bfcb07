using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// Products of 8-bit integers beside float32 and bfloat16, at the size of the language model's feed-forward maps: dynamic quantisation of the rows,
/// weights by channel, torch's <c>_int_mm</c>, and the scales put back. The gain decides whether an 8-bit path is worth its error.
/// </summary>
internal static class Int8Products
{
    private const int Rows = 256, Channels = 1280, Turns = 15;

    // TorchSharp does not wrap the operator; TorchScript reaches it.
    private const string Script = """
        def linear(x, weight, scales, bias):
            size = x.abs().amax(-1, keepdim=True).clamp(min=1e-8) / 127.0
            rounded = (x / size).round().to(1)
            return torch._int_mm(rounded, weight).to(6) * size * scales + bias
        """;

    internal static IEnumerable<string> Measure()
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        using var unit = jit.compile(Script);
        var (x, weight, bias) = (randn(Rows, Channels), randn(Channels, Channels) * 0.02f, randn(Channels) * 0.02f);
        var scales = weight.abs().amax([1]) / 127;
        var quantized = (weight / scales.unsqueeze(1)).round().to(ScalarType.Int8).t().contiguous();
        var (x16, weight16, bias16) = (x.to(ScalarType.BFloat16), weight.to(ScalarType.BFloat16), bias.to(ScalarType.BFloat16));
        Tensor Int8() => (Tensor)unit.invoke("linear", x, quantized, scales, bias)!;
        var times = new (string Name, Func<Tensor> Run, List<double> Seconds)[]
        {
            ("float32", () => nn.functional.linear(x, weight, bias), []),
            ("bfloat16", () => nn.functional.linear(x16, weight16, bias16), []),
            ("int8", Int8, []),
        };
        for (int i = 0; i < Turns; i++)
        {
            foreach (var (_, run, seconds) in times)
                seconds.Add(Measured.Seconds(() => run().Dispose()));
        }

        double[] medians = [.. times.Select(t => Measured.Median(t.Seconds))];
        double error = ((Int8() - nn.functional.linear(x, weight, bias)).norm() / nn.functional.linear(x, weight, bias).norm()).item<float>();
        return
        [
            .. times.Zip(medians, (t, m) => Measured.Figure($"linear_{t.Name}_gflops", 2e-9 * Rows * Channels * Channels / m, "GFLOP/s")),
            Measured.Figure("int8_over_bfloat16_speedup", medians[1] / medians[2], "ratio"),
            Measured.Figure("int8_over_float32_speedup", medians[0] / medians[2], "ratio"),
            Measured.Figure("int8_relative_error", error, "fraction"),
        ];
    }
}
