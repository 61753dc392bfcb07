using System.Globalization;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// The forms of attention beside each other, for the shapes of the published heads and of the bundled language model: what
/// <see cref="AttentionForms"/> chooses by. A table is printed for docs/performance.md.
/// </summary>
internal static class AttentionKernels
{
    private const int Turns = 9;

    private static readonly Shape[] Shapes =
    [
        new("language_self", 8, 256, 256, 32, 160),
        new("language_cross", 8, 256, 1500, 32, 160),
        new("vision_self", 8, 512, 512, 128, 128),
        new("vision_fourier_cross", 1, 512, 50176, 261, 261),
        new("vision_learned_cross", 1, 512, 50176, 512, 512),
        new("flow_self", 16, 2048, 2048, 32, 32),
        new("flow_cross", 1, 2048, 45632, 322, 322),
        new("flow_decoder", 1, 16384, 2048, 322, 322),
        new("mini_self", 256, 128, 128, 32, 32),
        new("mini_cross", 256, 128, 256, 24, 24),
        new("sentence_self", 8, 32, 32, 32, 32),
        new("sentence_cross", 8, 32, 64, 24, 24),
    ];

    internal static IEnumerable<string> Measure()
    {
        Console.WriteLine($"Bfloat16 is multiplied by: {ProcessorFeatures.Units}");
        // Where bfloat16 is slow its products decide, not the attention.
        ScalarType[] types = PerceiverPrecisions.IsBFloat16FastOnCpu
            ? [ScalarType.Float32, ScalarType.BFloat16]
            : [ScalarType.Float32];
        return types.SelectMany(type => Shapes.SelectMany(shape => Compare(type, shape)));
    }

    private static string[] Compare(ScalarType type, Shape shape)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        Tensor Random(long rows, long channels) => randn(1, shape.Heads, rows, channels).to(type);
        var query = Random(shape.Queries, shape.KeyChannels);
        var key = Random(shape.Keys, shape.KeyChannels);
        var value = Random(shape.Keys, shape.ValueChannels);
        var forms = new Dictionary<AttentionForm, Func<Tensor>>
        {
            [AttentionForm.Plain] = () => AttentionKernel.InParts(query, key, value, null, null, 0),
            [AttentionForm.Fused] = () => AttentionKernel.Fused(query, key, value, null),
            [AttentionForm.Padded] = () => AttentionKernel.Padded(query, key, value, null),
        };
        var times = ByTurns(forms);
        var chosen = AttentionForms.Choose(
            ProcessorFeatures.Units,
            type,
            shape.Heads * shape.Queries * shape.Keys,
            shape.Queries,
            shape.KeyChannels,
            shape.ValueChannels,
            hasGradients: false);
        string name = type.ToString().ToLowerInvariant();
        string row = string.Join(" | ", times.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Key} {1000 * t.Value:f2} ms")));
        Console.WriteLine($"| {shape.Name} | {name} | {row} | chosen: {chosen} |");
        return
        [
            Measured.Figure(
                $"attention_{shape.Name}_{name}_fused_over_plain", times[AttentionForm.Fused] / times[AttentionForm.Plain], "ratio"),
            Measured.Figure($"attention_{shape.Name}_{name}_chosen_over_best", times[chosen] / times.Values.Min(), "ratio"),
        ];
    }

    private static Dictionary<AttentionForm, double> ByTurns(Dictionary<AttentionForm, Func<Tensor>> forms)
    {
        var times = forms.Keys.ToDictionary(f => f, _ => new List<double>());
        for (int turn = 0; turn <= Turns; turn++)
        {
            foreach (var (form, run) in forms)
            {
                double seconds = Measured.Seconds(() =>
                {
                    // Intermediate tensors are released as in a layer: pages that are new each time would cost more than the products.
                    using var scope = NewDisposeScope();
                    run();
                });
                // The first turn compiles kernels.
                if (turn > 0)
                    times[form].Add(seconds);
            }
        }

        return times.ToDictionary(t => t.Key, t => Measured.Median(t.Value));
    }

    private sealed record Shape(string Name, long Heads, long Queries, long Keys, long KeyChannels, long ValueChannels);
}
