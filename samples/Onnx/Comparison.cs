using System.Diagnostics;
using Microsoft.ML.Perceiver;
using static TorchSharp.torch;

namespace OnnxSample;

/// <summary>A head by this library, by ONNX Runtime in float32, and by ONNX Runtime in 8-bit integers.</summary>
/// <param name="Head">The head's name.</param>
/// <param name="MaxDifference">The largest difference of the float32 file from this library.</param>
/// <param name="Ours">The median time of a row in this library, in milliseconds.</param>
/// <param name="Float32">That of the float32 file.</param>
/// <param name="Int8">That of the file of 8-bit integers.</param>
/// <param name="Agreement">The share of equal choices by the two files.</param>
/// <param name="Float32Bytes">The length of the float32 file.</param>
/// <param name="Int8Bytes">The length of the file of 8-bit integers.</param>
internal sealed record Comparison(
    string Head,
    double MaxDifference,
    double Ours,
    double Float32,
    double Int8,
    double Agreement,
    long Float32Bytes,
    long Int8Bytes)
{
    private const int Turns = 3;

    /// <summary>The figures of <c>--summary</c>.</summary>
    public IEnumerable<(string Name, double Value, string Unit)> Figures =>
    [
        ($"{Head}_onnx_max_diff", MaxDifference, "absolute"),
        ($"{Head}_onnx_over_ours_time", Float32 / Ours, "ratio"),
        ($"{Head}_int8_agreement", Agreement, "fraction"),
        ($"{Head}_int8_over_float32_time", Int8 / Float32, "ratio"),
    ];

    /// <summary>Exports a head twice, runs its rows in the three ways, and times them by turns.</summary>
    /// <param name="head">The head.</param>
    /// <param name="folder">Where the files are written.</param>
    /// <param name="rounds">How often a row is timed in each way.</param>
    public static Comparison Of(Head head, string folder, int rounds)
    {
        var files = PerceiverOnnx.Export(head.Model, Path.Combine(folder, $"{head.Name}.onnx"), head.Options);
        var integers = PerceiverOnnx.Export(
            head.Model,
            Path.Combine(folder, $"{head.Name}.int8.onnx"),
            head.Options with { Weights = PerceiverOnnxWeights.Int8 });
        // As the stages of ML.NET do before they predict.
        head.Model.PrepareForInference();
        using var gradients = no_grad();
        using var float32 = new OnnxFiles(files);
        using var int8 = new OnnxFiles(integers);
        Dictionary<string, float[]>[] expected = [.. head.Rows.Select(row => RunOurs(head, row))];
        Dictionary<string, float[]>[] actual = [.. head.Rows.Select(float32.Run)];
        Dictionary<string, float[]>[] rounded = [.. head.Rows.Select(int8.Run)];
        double[] times = Medians(
            rounds,
            head.Rows,
            [row => RunOurs(head, row), float32.Run, int8.Run]);
        return new Comparison(
            head.Name,
            expected.Zip(actual).Max(pair => Difference(pair.First, pair.Second)),
            times[0],
            times[1],
            times[2],
            head.Agreement(actual, rounded),
            float32.Bytes,
            int8.Bytes);
    }

    private static Dictionary<string, float[]> RunOurs(Head head, IReadOnlyDictionary<string, Tensor> row)
    {
        using var scope = NewDisposeScope();
        return head.Ours(row).ToDictionary(output => output.Key, output => output.Value.contiguous().data<float>().ToArray());
    }

    // All have run before, so that no time is a first one. A way runs some rows before the next one does: waiting threads of one library
    // would slow the other.
    private static double[] Medians(
        int rounds,
        IReadOnlyList<IReadOnlyDictionary<string, Tensor>> rows,
        Func<IReadOnlyDictionary<string, Tensor>, Dictionary<string, float[]>>[] ways)
    {
        var times = ways.Select(_ => new List<double>()).ToArray();
        foreach (int[] turn in Enumerable.Range(0, rounds).Chunk(Math.Max(1, rounds / Turns)))
        {
            for (int way = 0; way < ways.Length; way++)
            {
                foreach (int round in turn)
                {
                    long start = Stopwatch.GetTimestamp();
                    _ = ways[way](rows[round % rows.Count]);
                    times[way].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }
        }

        return [.. times.Select(Median)];
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        int middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private static double Difference(Dictionary<string, float[]> expected, Dictionary<string, float[]> actual)
    {
        double largest = 0;
        foreach (var (name, values) in expected)
        {
            if (values.Length != actual[name].Length)
                throw new InvalidOperationException($"'{name}' has {actual[name].Length} numbers in ONNX Runtime, {values.Length} here.");
            largest = Math.Max(largest, values.Zip(actual[name]).Max(pair => Math.Abs((double)pair.First - pair.Second)));
        }

        return largest;
    }
}
