namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// Every head at its published size in float32 and bfloat16: time, the share of a plain matrix product's rate that its arithmetic runs at,
/// memory, and, where the reference's results lie beside the weights, how far ours are from them.
/// </summary>
internal static class HeadFigures
{
    // The others take seconds for a single row.
    private static readonly string[] BatchedHeads = ["fillmask", "vision_conv", "vision_fourier", "vision_learned"];

    /// <summary>Measures.</summary>
    /// <param name="choice">What is measured; only single rows of heads whose calls take long.</param>
    internal static IEnumerable<string> Measure(HeadChoice choice)
    {
        using var folders = new HeadFolder(choice.Weights);
        foreach (var precision in choice.Precisions.Where(p => p != PerceiverPrecision.Int8))
            yield return Measured.Figure($"gemm_gflops_{Name(precision)}", Gemm.Median(precision.ToScalarType()), "GFLOP/s");
        foreach (var (precision, batch) in choice.Batches.SelectMany(b => choice.Precisions.Select(p => (p, b))))
        {
            foreach (var head in Chosen(choice.Head).Where(h => IsMeasured(h, batch)))
            {
                foreach (string line in Of(head, folders.Of(head), precision, batch))
                    yield return line;
            }
        }

        foreach (var (precision, head) in choice.Precisions.SelectMany(p => Chosen(choice.Head).Select(h => (p, h))))
        {
            if (folders.RecordOf(head) is { } record)
            {
                double difference = RecordedRuns.MaxDifference(head, folders.Of(head), record, precision);
                yield return Measured.Figure($"{head.Name}_{Name(precision)}_max_diff", difference, "");
            }
        }
    }

    /// <summary>The cases of <see cref="HeadForward"/>: the same heads, precisions and batches.</summary>
    internal static IReadOnlyList<string> Cases(HeadChoice choice)
    {
        var cases =
            from head in Chosen(choice.Head)
            from precision in choice.Precisions
            from batch in choice.Batches
            where IsMeasured(head, batch)
            select $"{head.Name}/{precision}/{batch}";
        return [.. cases];
    }

    private static IEnumerable<HeadCase> Chosen(string? only) => only is null ? HeadCase.All : [HeadCase.Find(only)];

    private static bool IsMeasured(HeadCase head, int batch) => batch == 1 || BatchedHeads.Contains(head.Name);

    private static IEnumerable<string> Of(HeadCase head, string folder, PerceiverPrecision precision, int batch)
    {
        var result = HeadProcess.Start(head, folder, precision, batch);
        string name = $"{head.Name}_{Name(precision)}{(batch == 1 ? "" : $"_batch{batch}")}";
        double operations = 1e-9 * batch * head.Operations;
        yield return Measured.Figure($"{name}_ms", result.Milliseconds, "ms");
        yield return Measured.Figure($"{name}_gflops", operations / result.Milliseconds * 1000, "GFLOP/s");
        yield return Measured.Figure($"{name}_work", result.WorkGigaflops, "GFLOP");
        yield return Measured.Figure($"{name}_gemm_share", operations / result.WorkGigaflops, "ratio");
        yield return Measured.Figure($"{name}_peak_mb", result.PeakMegabytes, "MB");
        if (precision != PerceiverPrecision.Int8)
            yield return Measured.Figure($"{name}_peak_above_weights_mb", result.PeakMegabytes - result.WeightMegabytes, "MB");
        if (batch == 1)
            yield return Measured.Figure($"{name}_load_ms", result.LoadMilliseconds, "ms");
    }

    private static string Name(PerceiverPrecision precision) => precision.ToString().ToLowerInvariant();
}
