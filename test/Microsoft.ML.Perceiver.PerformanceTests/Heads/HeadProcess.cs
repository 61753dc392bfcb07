using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// One head in one precision, in a process that does nothing else: its memory is what that takes. The rate of a plain matrix product is
/// measured by turns with the head, so that both meet the same machine.
/// </summary>
internal static class HeadProcess
{
    internal const string Argument = "--head";

    // A call that takes longer is made once: its warm-up is little beside it.
    private const double LongSeconds = 25;

    /// <summary>What the process writes, a figure a line.</summary>
    /// <param name="Milliseconds">The median time of a call.</param>
    /// <param name="WorkGigaflops">That time times the product's rate: the arithmetic that the machine could have done meanwhile.</param>
    /// <param name="PeakMegabytes">The most memory that the process has had until the second call ended, or the only one.</param>
    /// <param name="WeightMegabytes">What the weights take in this precision.</param>
    /// <param name="LoadMilliseconds">The time from the file to a model.</param>
    internal sealed record Result(
        double Milliseconds, double WorkGigaflops, double PeakMegabytes, double WeightMegabytes, double LoadMilliseconds)
    {
        internal static Result Parse(string line)
        {
            double[] values = [.. line.Split('\t').Select(v => double.Parse(v, CultureInfo.InvariantCulture))];
            return new(values[0], values[1], values[2], values[3], values[4]);
        }

        public override string ToString()
        {
            double[] values = [Milliseconds, WorkGigaflops, PeakMegabytes, WeightMegabytes, LoadMilliseconds];
            return string.Join('\t', values.Select(v => v.ToString("r", CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>Starts the process and waits for its figures.</summary>
    internal static Result Start(HeadCase head, string folder, PerceiverPrecision precision, int batch) =>
        Result.Parse(OwnProcess.Run(Argument, head.Name, folder, precision.ToString(), batch.ToString(CultureInfo.InvariantCulture)));

    /// <summary>What the process does.</summary>
    internal static int Run(string name, string folder, PerceiverPrecision precision, int batch)
    {
        var head = HeadCase.Find(name);
        var type = precision.ToScalarType();
        TorchRuntime.EnsureLoaded();
        using var inference = inference_mode();
        long start = Stopwatch.GetTimestamp();
        using var model = head.Load(PerceiverCheckpoint.FromDirectory(folder).WithMappedWeights(), precision);
        double load = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var inputs = head.Inputs(batch, type);
        void Call() => head.Run(model, inputs);
        double first = Measured.Seconds(Call);
        bool isLong = first > LongSeconds;
        if (!isLong)
            Call();
        using var process = Process.GetCurrentProcess();
        double peak = process.PeakWorkingSet64 / 1e6, weights = model.parameters().Sum(p => p.NumberOfElements * p.ElementSize) / 1e6;

        var (seconds, work) = isLong ? (first, first * Gemm.Median(type)) : Gemm.ByTurns(type, Call);
        Console.Write(new Result(1000 * seconds, work, peak, weights, load));
        return 0;
    }
}
