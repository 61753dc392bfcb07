using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// The arithmetic rate of training steps at the published language model's size (batch of 4, 512 bytes, AdamW, through the trainer itself)
/// beside that of a plain matrix product of the latents' width, measured in turn in one run.
/// </summary>
internal static class TrainingStepTimes
{
    private const int Batch = 4, Tokens = 512, Steps = 6, Products = 40;

    internal static IEnumerable<string> Measure()
    {
        var (full, fullShare) = Measure(PerceiverPrecision.Float32);
        yield return Figure("train_step_gemm_share_float32", fullShare);
        // Where a processor does not multiply bfloat16, nobody trains in it: a step takes minutes.
        if (!PerceiverPrecisions.IsBFloat16FastOnCpu)
            yield break;
        var (reduced, reducedShare) = Measure(PerceiverPrecision.BFloat16);
        yield return Figure("train_step_gemm_share_bfloat16", reducedShare);
        yield return Figure("train_step_bf16_speedup", full / reduced);
    }

    /// <summary>
    /// Peak memory of a step that recomputes its activations, over that of one that remembers them, beyond what both hold anyway.
    /// </summary>
    internal static IEnumerable<string> MeasureMemory()
    {
        double remembered = PeakBytes(recompute: false), recomputed = PeakBytes(recompute: true);
        yield return Figure("recompute_peak_memory_over_remembered", recomputed / remembered);
    }

    private static (double Seconds, double Share) Measure(PerceiverPrecision precision)
    {
        var gemms = new List<double>(Gemms(precision.ToScalarType()));
        double step = Median(StepSeconds(precision, recompute: false));
        gemms.AddRange(Gemms(precision.ToScalarType()));
        var config = PublishedSize.Language;
        double gemmRate = 2.0 * Batch * config.NumLatents * config.LatentChannels * config.LatentChannels / Median(gemms);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{precision}: a step takes {step:f2} s, {StepFlops(config) / step / 1e9:f0} GFLOP/s; "
            + $"the matrix product has {gemmRate / 1e9:f0} GFLOP/s"));
        return (step, StepFlops(config) / step / gemmRate);
    }

    private static IEnumerable<double> Gemms(ScalarType type)
    {
        var config = PublishedSize.Language;
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var a = randn(Batch * config.NumLatents, config.LatentChannels).to(type);
        var b = randn(config.LatentChannels, config.LatentChannels).to(type);
        for (int i = 0; i < Products; i++)
        {
            long start = Stopwatch.GetTimestamp();
            using var product = matmul(a, b);
            yield return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    private static List<double> StepSeconds(PerceiverPrecision precision, bool recompute)
    {
        using var model = new PerceiverForMaskedLM(PublishedSize.Language with { AttentionDropout = 0 });
        var random = new Random(1);
        var texts = PerceiverTextRows.FromTokens(Enumerable.Range(0, Batch * Steps)
            .Select(_ => (int[])[4, .. Enumerable.Range(0, Tokens - 2).Select(_ => random.Next(6, 262)), 5]).ToArray());
        var clock = new StepClock();
        var options = new PerceiverTrainingOptions
        {
            Epochs = 1,
            BatchSize = Batch,
            LearningRate = 1e-4,
            Precision = precision,
            RecomputeActivations = recompute,
            Progress = clock.Note,
        };
        PerceiverTrainer.Run(new PerceiverMaskedLanguageObjective(model, texts, PerceiverTextRows.FromTokens([]), options), options);
        return clock.Seconds;
    }

    /// <summary>Floating-point operations of a step: forward, and backward counted as two forwards.</summary>
    private static double StepFlops(PerceiverConfig c)
    {
        double n = c.NumLatents, d = c.LatentChannels, m = c.ModelChannels, qk = c.QueryKeyChannels ?? d, v = c.ValueChannels ?? d;
        double masks = Tokens * 0.15;
        double mlp = 2 * n * d * d;
        double cross = Tokens * m * (qk + v) + n * d * qk + n * Tokens * (qk + v) + n * v * d + mlp * c.CrossAttentionWideningFactor;
        double self = n * d * (2 * qk + v) + n * n * (qk + v) + n * v * d + mlp * c.SelfAttentionWideningFactor;
        double decoder = masks * m * 256 + n * d * (256 + m) + masks * n * (256 + m) + 3 * masks * m * m + masks * m * c.VocabularySize;
        return 3 * 2.0 * Batch * (cross + c.NumBlocks * c.NumSelfAttendsPerBlock * self + decoder);
    }

    private static double PeakBytes(bool recompute)
    {
        if (!PeakMemory.Reset())
            throw new InvalidOperationException("Without its own peak the memory of a step cannot be told.");
        long before = PeakMemory.Bytes("VmRSS");
        StepSeconds(PerceiverPrecision.Float32, recompute);
        // Weights, gradients and two moments are held either way.
        using var model = new PerceiverForMaskedLM(PublishedSize.Language, initialize: false);
        long held = 4 * 4 * model.parameters().Sum(p => p.NumberOfElements);
        double peak = PeakMemory.Bytes("VmHWM") - before;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"recompute {recompute}: peak {peak / 1e9:f2} GB, of which weights, gradients and moments {held / 1e9:f2} GB"));
        return Math.Max(1, peak - held);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Figure(string name, double value) => string.Create(CultureInfo.InvariantCulture, $"{name}\t{value:g4}\tratio");
}
