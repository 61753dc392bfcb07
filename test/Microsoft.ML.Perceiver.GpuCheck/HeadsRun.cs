using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.Perceiver.PerformanceTests;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.GpuCheck;

/// <summary>
/// Measures heads on a device: the median of twenty calls after three. The peer does the same with the files that this leaves.
/// </summary>
internal static class HeadsRun
{
    private const int WarmUps = 3, Calls = 20;

    /// <returns>
    /// 0 where all worked, or lacked nothing but the device's memory. A head that does not work has no line and does not keep the others
    /// from theirs.
    /// </returns>
    internal static int Run(
        string folder,
        Device device,
        IEnumerable<string> names,
        IReadOnlyList<PerceiverPrecision> precisions,
        IReadOnlyList<int> batches)
    {
        Directory.CreateDirectory(folder);
        string figures = Path.Combine(folder, FigureTable.OursName);
        File.Delete(figures);
        random.manual_seed(1);
        bool failed = false;
        foreach (var head in names.Select(HeadCase.Find))
        {
            var files = new HeadFiles(folder, head);
            foreach (int batch in batches)
                files.WriteInputs(head, batch);
            foreach (var precision in precisions)
            {
                using var model = head.Load(files.Checkpoint, precision);
                model.to(device);
                foreach (int batch in batches)
                {
                    string name = $"{head.Name}\t{HeadFiles.NameOf(precision)}\t{batch}";
                    try
                    {
                        double milliseconds = Measure(head, files, model, precision, batch, device);
                        string line = string.Create(CultureInfo.InvariantCulture, $"{name}\t{milliseconds:g6}");
                        Console.WriteLine(line);
                        File.AppendAllLines(figures, [line]);
                    }
                    catch (ExternalException e)
                    {
                        // The first line; the rest is libtorch's call stack.
                        Console.Error.WriteLine($"{name}\t{e.Message.Split('\n')[0]}");
                        failed |= !e.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase);
                    }
                }
            }
        }

        return failed ? 1 : 0;
    }

    private static double Measure(
        HeadCase head, HeadFiles files, PerceiverPreTrainedModel model, PerceiverPrecision precision, int batch, Device device)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var inputs = files.ReadInputs(batch, precision.ToScalarType(), device);
        files.WriteOutputs(precision, batch, head.Forward(model, inputs));
        for (int i = 0; i < WarmUps; i++)
            head.Run(model, inputs);
        double[] times = new double[Calls];
        for (int i = 0; i < Calls; i++)
        {
            // A call ends with a number on the host, so that nothing is left to do on the device when the next one begins.
            long start = Stopwatch.GetTimestamp();
            head.Run(model, inputs);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return (times[(Calls - 1) / 2] + times[Calls / 2]) / 2;
    }
}
