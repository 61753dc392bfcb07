using System.Globalization;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// Torch's fused attention beside the plain form, for the shapes of the published heads: what <see cref="AttentionKernel"/> chooses by.
/// </summary>
internal static class AttentionKernels
{
    private const int Turns = 7;

    private static readonly Shape[] Shapes =
    [
        new("language_self", 8, 256, 256, 32, 160),
        new("language_cross", 8, 256, 1500, 32, 160),
        new("vision_self", 8, 512, 512, 128, 128),
        new("vision_fourier_cross", 1, 512, 50176, 261, 261),
        new("flow_self", 16, 2048, 2048, 32, 32),
        new("flow_cross", 1, 2048, 45632, 322, 322),
        new("flow_decoder", 1, 16384, 2048, 322, 322),
    ];

    internal static IEnumerable<string> Measure()
    {
        // Where bfloat16 is slow its products decide, not the attention.
        ScalarType[] types = PerceiverPrecisions.IsBFloat16FastOnCpu
            ? [ScalarType.Float32, ScalarType.BFloat16]
            : [ScalarType.Float32];
        return types.SelectMany(type => Shapes.Select(shape => Compare(type, shape)));
    }

    private static string Compare(ScalarType type, Shape shape)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        Tensor Random(long rows, long channels) => randn(1, shape.Heads, rows, channels).to(type);
        var query = Random(shape.Queries, shape.KeyChannels);
        var key = Random(shape.Keys, shape.KeyChannels);
        var value = Random(shape.Keys, shape.ValueChannels);
        var fused = new List<double>();
        var plain = new List<double>();
        for (int i = 0; i < Turns; i++)
        {
            fused.Add(Measured.Seconds(() => AttentionKernel.Fused(query, key, value, null).Dispose()));
            plain.Add(Measured.Seconds(() => AttentionKernel.InParts(query, key, value, null, null, 0).Dispose()));
        }

        double a = Measured.Median(fused), b = Measured.Median(plain);
        string name = type.ToString().ToLowerInvariant();
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{shape.Name} {name}: fused {1000 * a:f2} ms, plain {1000 * b:f2} ms"));
        return Measured.Figure($"attention_{shape.Name}_{name}_fused_over_plain", a / b, "ratio");
    }

    private sealed record Shape(string Name, long Heads, long Queries, long Keys, long KeyChannels, long ValueChannels);
}
