namespace Samples;

/// <summary>The metrics of an evaluation in words.</summary>
internal static class ValidationText
{
    // What says most comes first. Other metrics of the same evaluation say much the same and would not fit into a line.
    private static readonly (string Name, Func<double, string> Text)[] Known =
    [
        ("Accuracy", v => $"accuracy {v:P2}"),
        ("MicroF1", v => $"micro-F1 {v:f4}"),
        ("MaskedAccuracy", v => $"{v:P1} of the masks right"),
        ("RootMeanSquaredError", v => $"root mean squared error {v:g4}"),
        ("EPE", v => $"end-point error {v:f3} pixels"),
        ("FlAll", v => $"{v:f1} % outliers"),
        ("VideoPsnr", v => $"image {v:f2} dB"),
        ("AudioPsnr", v => $"audio {v:f2} dB"),
        ("LogLoss", v => $"loss {v:f3}"),
    ];

    /// <summary>The metrics, the most telling first; where none of them is known, all by their names.</summary>
    /// <param name="metrics">The metrics; none gives an empty text.</param>
    public static string Of(IReadOnlyDictionary<string, double> metrics)
    {
        var texts = Known.Where(k => metrics.ContainsKey(k.Name)).Select(k => k.Text(metrics[k.Name])).ToList();
        if (texts.Count == 0)
            texts.AddRange(metrics.Select(m => $"{m.Key} {m.Value:g4}"));
        return texts.Count == 0 ? "" : $"  validation {string.Join(", ", texts)}";
    }
}
