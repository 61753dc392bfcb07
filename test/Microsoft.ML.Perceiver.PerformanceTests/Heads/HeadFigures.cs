namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// Every head at its published size in float32 and bfloat16: time, the share of a plain matrix product's rate that its arithmetic runs at, memory,
/// and, where the reference's results lie beside the weights, how far ours are from them.
/// </summary>
internal static class HeadFigures
{
    // The others take seconds for a single row.
    private static readonly string[] BatchedHeads = ["fillmask", "vision_conv", "vision_fourier", "vision_learned"];

    /// <summary>Measures.</summary>
    /// <param name="weights">A folder of checkpoints, by their names; null for random weights.</param>
    /// <param name="only">One head; null for all.</param>
    /// <param name="precisions">The precisions.</param>
    /// <param name="batches">Rows of a call; only single rows of heads whose calls take long.</param>
    internal static IEnumerable<string> Measure(string? weights, string? only, IReadOnlyList<PerceiverPrecision> precisions, IReadOnlyList<int> batches)
    {
        using var folders = new HeadFolder(weights);
        foreach (var precision in precisions.Where(p => p != PerceiverPrecision.Int8))
            yield return Line($"gemm_gflops_{Name(precision)}", Gemm.Median(precision.ToScalarType()), "GFLOP/s");
        foreach (var head in HeadCase.All.Where(h => only is null || h.Name == only))
        {
            string folder = folders.Of(head);
            foreach (var precision in precisions)
            {
                foreach (string line in batches.Where(b => b == 1 || BatchedHeads.Contains(head.Name)).SelectMany(b => Of(head, folder, precision, b)))
                    yield return line;

                if (folders.RecordOf(head) is { } record)
                    yield return Line($"{head.Name}_{Name(precision)}_max_diff", RecordedRuns.MaxDifference(head, folder, record, precision), "");
            }
        }
    }

    private static IEnumerable<string> Of(HeadCase head, string folder, PerceiverPrecision precision, int batch)
    {
        var result = HeadProcess.Start(head, folder, precision, batch);
        string name = $"{head.Name}_{Name(precision)}{(batch == 1 ? "" : $"_batch{batch}")}";
        double operations = 1e-9 * batch * head.Operations;
        yield return Line($"{name}_ms", result.Milliseconds, "ms");
        yield return Line($"{name}_gflops", operations / result.Milliseconds * 1000, "GFLOP/s");
        yield return Line($"{name}_work", result.WorkGigaflops, "GFLOP");
        yield return Line($"{name}_gemm_share", operations / result.WorkGigaflops, "ratio");
        yield return Line($"{name}_peak_mb", result.PeakMegabytes, "MB");
        yield return Line($"{name}_peak_above_weights_mb", result.PeakMegabytes - result.WeightMegabytes, "MB");
        if (batch == 1)
            yield return Line($"{name}_load_ms", result.LoadMilliseconds, "ms");
    }

    private static string Name(PerceiverPrecision precision) => precision.ToString().ToLowerInvariant();

    private static string Line(string name, double value, string unit)
    {
        string line = Measured.Figure(name, value, unit);
        Console.WriteLine(line);
        return line;
    }
}
