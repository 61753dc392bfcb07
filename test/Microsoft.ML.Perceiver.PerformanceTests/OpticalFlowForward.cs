using System.Globalization;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// A forward pass of optical flow at the published size beside one by the modules as they stand, which decodes all 182,528 queries at once,
/// by turns in one run, and the most memory that the former takes.
/// </summary>
internal static class OpticalFlowForward
{
    private const int Turns = 3;

    private static PerceiverConfig Config => PerceiverPublishedCheckpoints.OpticalFlow.Config;

    internal static IEnumerable<string> Measure()
    {
        using var inference = inference_mode();
        using var model = new PerceiverForOpticalFlow(Config);
        var size = Config.TrainSize;
        using var frames = rand([1, PerceiverForOpticalFlow.Frames, PerceiverForOpticalFlow.PatchChannels, size[0], size[1]]);
        model.QueriesAtOnce = int.MaxValue;
        PeakMemory.Reset();
        Seconds(model, frames, keepsModules: false);
        double peak = PeakMemory.Megabytes();
        Seconds(model, frames, keepsModules: true);
        var folded = new List<double>();
        var plain = new List<double>();
        for (int i = 0; i < Turns; i++)
        {
            folded.Add(Seconds(model, frames, keepsModules: false));
            plain.Add(Seconds(model, frames, keepsModules: true));
        }

        double a = Measured.Median(folded), b = Measured.Median(plain);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"folded {a:f2} s, modules {b:f2} s"));
        yield return Measured.Figure("optical_flow_forward_over_plain", a / b, "ratio");
        yield return string.Create(CultureInfo.InvariantCulture, $"optical_flow_peak_mb\t{peak:f0}\tMB");
    }

    private static double Seconds(PerceiverForOpticalFlow model, Tensor frames, bool keepsModules)
    {
        FoldedFlow.KeepsModules = keepsModules;
        return Measured.Seconds(() => model.forward(frames, outputAttentions: false, outputHiddenStates: false).Dispose());
    }
}
