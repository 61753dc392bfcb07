using System.Diagnostics;
using Microsoft.ML.Perceiver;
using static TorchSharp.torch;

namespace OnnxSample;

/// <summary>What a head's graphs give and how fast they are, beside this library.</summary>
/// <param name="Head">The head.</param>
/// <param name="MaxDifference">The largest difference of an output in float32, as a share of 1 + the largest number of it.</param>
/// <param name="OverOurs">The time of the float32 graph over this library's in float32.</param>
/// <param name="Int8Agreement">The share of answers that are the same with 8-bit integers.</param>
/// <param name="Int8OverFloat32">The time of the graph with 8-bit integers over that in float32.</param>
/// <param name="Answers">How many answers were compared.</param>
/// <param name="Megabytes">The size of the float32 files.</param>
/// <param name="Int8Megabytes">The size of the files with 8-bit integers.</param>
internal sealed record Comparison(
    ExportedHead Head,
    double MaxDifference,
    double OverOurs,
    double Int8Agreement,
    double Int8OverFloat32,
    long Answers,
    double Megabytes,
    double Int8Megabytes)
{
    private const int Rounds = 3;

    /// <summary>Exports a head and compares it.</summary>
    /// <param name="head">The head.</param>
    /// <param name="folder">Where the files are written.</param>
    /// <param name="rows">At most so many rows of input.</param>
    internal static Comparison Of(ExportedHead head, string folder, int rows)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        string checkpoint = Path.GetDirectoryName(PerceiverCheckpoint.Bundled(head.Model).Source)!;
        using var model = PerceiverModels.FromPretrained(checkpoint);
        model.PrepareForInference();
        var files = Export(head.Options, "float32");
        var int8Files = Export(head.Options with { Weights = PerceiverOnnxWeights.Int8 }, "int8");
        using var graph = new GraphSession(files);
        using var int8 = new GraphSession(int8Files);

        var batches = head.Inputs(model, rows).ToArray();
        Func<Dictionary<string, Tensor>, Dictionary<string, Tensor>>[] forms = [x => head.Run(model, x), graph.Run, int8.Run];
        // All rows of one form, then of the next: the waiting threads of one library do not slow the other.
        Array.ForEach(forms, form => form(batches[0]));
        double[][] times = [.. forms.Select(_ => new double[Rounds])];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < forms.Length; i++)
                times[i][round] = SecondsOf(forms[i], batches);
        }

        double[] medians = [.. times.Select(seconds => seconds.Order().ElementAt(Rounds / 2))];
        double difference = 0, same = 0;
        long answers = 0;
        foreach (var batch in batches)
        {
            using var batchScope = NewDisposeScope();
            var results = forms.Select(form => form(batch)).ToArray();
            foreach (var (name, expected) in results[0])
                difference = Math.Max(difference, DifferenceOf(expected, results[1][name]));
            var alike = head.Same(results[1], results[2]);
            answers += alike.NumberOfElements;
            same += alike.sum().item<long>();
        }

        return new Comparison(
            head, difference, medians[1] / medians[0], same / answers, medians[2] / medians[1], answers, SizeOf(files), SizeOf(int8Files));

        IReadOnlyList<string> Export(PerceiverOnnxOptions options, string form) =>
            PerceiverOnnx.Export(model, Path.Combine(folder, $"{head.Name}-{form}.onnx"), options);
    }

    /// <summary>The figures by name.</summary>
    internal IEnumerable<(string Name, double Value, string Unit)> Figures() =>
    [
        ($"{Head.Name}_onnx_max_diff", MaxDifference, "of 1 + largest"),
        ($"{Head.Name}_onnx_over_ours_time", OverOurs, "ratio"),
        ($"{Head.Name}_int8_agreement", Int8Agreement, "fraction"),
        ($"{Head.Name}_int8_over_float32_time", Int8OverFloat32, "ratio"),
    ];

    private static double SecondsOf(
        Func<Dictionary<string, Tensor>, Dictionary<string, Tensor>> form, IEnumerable<Dictionary<string, Tensor>> batches)
    {
        long start = Stopwatch.GetTimestamp();
        foreach (var batch in batches)
        {
            using var scope = NewDisposeScope();
            form(batch);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double DifferenceOf(Tensor expected, Tensor found)
    {
        double largest = expected.abs().max().item<float>();
        return (expected - found).abs().max().item<float>() / (1 + largest);
    }

    private static double SizeOf(IEnumerable<string> files) => files.Sum(file => new FileInfo(file).Length) / 1e6;
}
