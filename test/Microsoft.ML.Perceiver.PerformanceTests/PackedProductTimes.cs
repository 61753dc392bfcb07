using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// Products with weights that were rearranged beforehand beside libtorch's own, by shape and precision: what <see cref="PackedWeights"/>
/// chooses by. A table is printed for docs/performance.md.
/// </summary>
internal static class PackedProductTimes
{
    private const int Turns = 25;

    private static readonly (long Rows, long Inputs, long Outputs)[] Shapes =
    [
        (256, 1280, 1280), (256, 1280, 1792), (1500, 768, 1280), (512, 1024, 1024), (2048, 512, 512), (128, 256, 256), (4096, 256, 1024),
        (1, 1280, 1280),
    ];

    internal static IEnumerable<string> Measure()
    {
        Console.WriteLine($"Bfloat16 is multiplied by: {ProcessorFeatures.Units}, AMD: {ProcessorFeatures.IsAmd}");
        ScalarType[] types = PerceiverPrecisions.IsBFloat16FastOnCpu
            ? [ScalarType.Float32, ScalarType.BFloat16]
            : [ScalarType.Float32];
        return types.SelectMany(type => Shapes.Select(shape => Compare(type, shape)));
    }

    // GELU follows the product, as in a feed-forward layer.
    private static string Compare(ScalarType type, (long Rows, long Inputs, long Outputs) shape)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var linear = new PerceiverLinear(shape.Inputs, shape.Outputs);
        PerceiverModuleParameters.Initialize(linear, 1, 0.02);
        linear.to(type);
        linear.eval();
        var x = randn(shape.Rows, shape.Inputs).to(type);
        using var map = new PackedMap(linear.Numbers);
        List<double> plain = [], packed = [];
        for (int turn = 0; turn <= Turns; turn++)
        {
            double a = Measured.Seconds(() => Released(() => linear.Gelu(x)));
            double b = Measured.Seconds(() => Released(() => map.ApplyGelu(x)));
            // The first turn compiles kernels.
            if (turn == 0)
                continue;
            plain.Add(a);
            packed.Add(b);
        }

        string name = string.Create(
            CultureInfo.InvariantCulture, $"{shape.Rows}x{shape.Inputs}x{shape.Outputs}_{type.ToString().ToLowerInvariant()}");
        double before = Measured.Median(plain), after = Measured.Median(packed);
        bool isChosen = PackedWeights.AreFaster(type, CPU);
        string times = string.Create(CultureInfo.InvariantCulture, $"libtorch {1000 * before:f2} ms | packed {1000 * after:f2} ms");
        Console.WriteLine($"| {name} | {times} | packed chosen: {isChosen} |");
        return Measured.Figure($"packed_{name}_over_libtorch", after / before, "ratio");
    }

    private static void Released(Action run)
    {
        using var scope = NewDisposeScope();
        run();
    }
}
